/** One thing that a part of the scan has to say. Only a `problem` makes the exit code 1. */
export interface ScanFinding {
  state: 'good' | 'problem' | 'not-checked'
  words: string
}

export interface ScanPart {
  name: string
  findings: readonly ScanFinding[]
}

export const good = (words: string): ScanFinding => ({ state: 'good', words })
export const problem = (words: string): ScanFinding => ({ state: 'problem', words })
/** It could not be looked at here, and why: never the same as good. */
export const notChecked = (words: string): ScanFinding => ({ state: 'not-checked', words })

/** The problems, or the one sentence that all is well. */
export const orGood = (problems: readonly string[], words: string): ScanFinding[] =>
  problems.length === 0 ? [good(words)] : problems.map(problem)

const MOST_LINES = 20
const MARKS = { good: '✓', problem: '✗', 'not-checked': '·' } as const

export function reportText(parts: readonly ScanPart[]): string {
  return parts
    .map(({ name, findings }) => {
      const shown = findings.slice(0, MOST_LINES).map(({ state, words }) => `  ${MARKS[state]} ${words}`)
      const rest = findings.length - shown.length
      return [name, ...shown, ...(rest > 0 ? [`  … and ${rest} more: see the report`] : [])].join('\n')
    })
    .join('\n\n')
}

export const isBad = (parts: readonly ScanPart[]): boolean =>
  parts.some(({ findings }) => findings.some(({ state }) => state === 'problem'))
