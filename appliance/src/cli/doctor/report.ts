import type { Finding, Section } from './finding.ts'

const MARKS: Readonly<Record<Finding['state'], string>> = { good: '✓', fact: '·', warning: '!', problem: '✗' }
const NAME_WIDTH = 22

/** The report as one page of a terminal. */
export function reportText(sections: readonly Section[]): string {
  const parts = sections.map(({ title, findings }) => [title, ...findings.flatMap(lines)].join('\n'))
  return [...parts, verdict(sections)].join('\n\n')
}

function lines({ state, name, words, fix }: Finding): string[] {
  const line = `  ${MARKS[state]} ${name.padEnd(NAME_WIDTH)} ${words}`
  return fix === null ? [line] : [line, `    ${''.padEnd(NAME_WIDTH)} → ${fix}`]
}

const count = (sections: readonly Section[], state: Finding['state']): number =>
  sections.flatMap(({ findings }) => findings).filter((each) => each.state === state).length

function verdict(sections: readonly Section[]): string {
  const [problems, warnings] = [count(sections, 'problem'), count(sections, 'warning')]
  if (problems > 0) return `${problems} ${problems === 1 ? 'problem' : 'problems'} to be solved.`
  return warnings > 0 ? `It works; ${warnings} ${warnings === 1 ? 'thing' : 'things'} could be better.` : 'All is well.'
}

export const isIll = (sections: readonly Section[]): boolean => count(sections, 'problem') > 0
