import type { BootConfig } from '../boot-config.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'

/** What a command gets. */
export interface CommandInput {
  config: BootConfig
  clock: Clock
  log: Log
  /** Words after the command's own name, flags taken out. */
  args: readonly string[]
  /** Those of its switches that were typed. */
  switches: ReadonlySet<string>
  print(text: string): void
}

/** One command of `lares`: a row in the table of `commands.ts`. */
export interface Command {
  /** One or two words, for example `models add`. */
  readonly name: string
  /** Names of its arguments, as shown: `FILE|NAME`. */
  readonly takes: readonly string[]
  /** Further names that lead here and are not in the help. */
  readonly aliases?: readonly string[]
  /** Names of what may be typed as `--name`, without a value. */
  readonly switches?: readonly string[]
  readonly words: string
  /** Exit code. Throws LaresError for everything that goes wrong. */
  run(input: CommandInput): Promise<number>
}

/** Somebody typed it wrong: exit code 2. */
export const usage = (words: string): LaresError => new LaresError('invalid', words, { code: 'USAGE' })

/** The argument at `index`; the dispatcher has checked that it is there. */
export const argument = (args: readonly string[], index: number): string => {
  const value = args[index]
  if (value === undefined) throw usage('An argument is missing.')
  return value
}
