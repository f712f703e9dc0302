import { cpus, release, totalmem } from 'node:os'

export interface Goal {
  /** The figure is good when it is at most or at least this. */
  atMost?: number
  atLeast?: number
}

export interface Measured {
  bench: string
  /** Key → value, as docs/reference/benchmarks.md names them. */
  figures: Readonly<Record<string, number>>
  /** What else a reader needs to judge the figures: clip, model, rounds, … The machine is added. */
  conditions?: Readonly<Record<string, string | number>>
  goals?: Readonly<Record<string, Goal>>
}

export const isQuick = process.argv.includes('--quick')

/** Prints the table with its conditions; with --json the last line is one JSON object. Exits with 1 when a goal is missed. */
export function report({ bench, figures, conditions = {}, goals = {} }: Measured): void {
  const all = { ...machine(), ...conditions }
  const rows = Object.entries(figures).map(([key, value]) => [
    key,
    shown(value),
    goalText(goals[key]),
    verdict(value, goals[key]),
  ])
  console.log(`\n${bench}${isQuick ? ' (quick)' : ''}`)
  console.log(table([['figure', 'measured', 'goal', ''], ...rows]))
  console.log(`\n${table(Object.entries(all).map(([key, value]) => [key, String(value)]))}`)
  if (process.argv.includes('--json')) console.log(JSON.stringify({ bench, figures, conditions: all }))
  if (Object.entries(figures).some(([key, value]) => !meets(value, goals[key]))) process.exitCode = 1
}

/** The value below which the share `q` (0–1) of all values lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

function machine(): Record<string, string | number> {
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model.trim() || process.arch,
    cores: processors.length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.versions.node,
  }
}

function meets(value: number, goal: Goal | undefined): boolean {
  if (!goal) return true
  return value <= (goal.atMost ?? Number.POSITIVE_INFINITY) && value >= (goal.atLeast ?? Number.NEGATIVE_INFINITY)
}

function verdict(value: number, goal: Goal | undefined): string {
  if (!goal) return ''
  return meets(value, goal) ? 'met' : 'MISSED'
}

function goalText(goal: Goal | undefined): string {
  return [goal?.atMost !== undefined && `≤ ${goal.atMost}`, goal?.atLeast !== undefined && `≥ ${goal.atLeast}`]
    .filter(Boolean)
    .join(' and ')
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4)
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}
