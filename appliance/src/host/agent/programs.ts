import { join } from 'node:path'
import { startSubprocess } from '../../core/subprocess.ts'
import type { AgentGround } from './types.ts'

export interface ProgramResult {
  code: number | null
  /** Lines of standard output. */
  stdout: readonly string[]
  stderr: readonly string[]
}

const PROGRAMS = 'usr/bin'
const KEPT_LINES = 200
const LONGEST_LINE = 65_536

/** Runs a program of this machine with an array of arguments, never a shell; `onLine` hears what it prints as it comes. */
export async function runProgram(
  { root, clock, log }: AgentGround,
  program: string,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<ProgramResult> {
  const command = join(root, PROGRAMS, program)
  const child = await startSubprocess({ name: program, command, args, log, clock })
  const stdout: string[] = []
  let rest = ''
  const take = (line: string): void => {
    stdout.push(line)
    if (stdout.length > KEPT_LINES) stdout.shift()
    onLine(line)
  }
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(-LONGEST_LINE)
    lines.forEach(take)
  })
  const { code, lastLines } = await child.exited
  if (rest !== '') take(rest)
  return { code, stdout, stderr: lastLines }
}
