/** One instruction of a Dockerfile, continuation lines joined. */
export interface Instruction {
  name: string
  words: string
}

/** Stages in order; comments and empty lines left out. */
export function stagesOf(text: string): Instruction[][] {
  const joined = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, ' ')
  const instructions = joined.split('\n').flatMap((line) => {
    const [, name, words] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? []
    return name === undefined || words === undefined ? [] : [{ name, words: words.trim() }]
  })
  const stages: Instruction[][] = []
  for (const each of instructions) {
    if (each.name === 'FROM') stages.push([])
    stages.at(-1)?.push(each)
  }
  return stages
}

/** `["a", "b"]` as the exec form has it; no shell in between. Throws for the shell form. */
export function execForm(words: string): string[] {
  const start = words.indexOf('[')
  if (start < 0) throw new Error(`${words} would be run by a shell`)
  return JSON.parse(words.slice(start)) as string[]
}

export function environmentOf(stage: readonly Instruction[]): Record<string, string> {
  const pairs = stage.filter(({ name }) => name === 'ENV').flatMap(({ words }) => words.split(/\s+/))
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]))
}
