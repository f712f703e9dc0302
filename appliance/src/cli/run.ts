import { readBootConfig } from '../boot-config.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import { createLog } from '../core/log.ts'
import { commands } from './commands.ts'
import { usage, type Command } from './command.ts'

export interface CliInput {
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  clock: Clock
  print(text: string): void
  complain(text: string): void
}

const EXIT_FAILED = 1
const EXIT_USAGE = 2
const TYPED_WRONGLY: ReadonlySet<string> = new Set(['USAGE', 'UNKNOWN_SETTING', 'BAD_COMMAND_LINE'])
const ALIASES: Readonly<Record<string, string>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-v': 'version',
}

const SWITCHES: ReadonlySet<string> = new Set(commands.flatMap(({ switches = [] }) => switches))

interface Typed {
  words: string[]
  flags: string[]
  switches: Set<string>
}

/** Words, switches and flags apart: flags are those of the boot configuration, `--name value` or `--name=value`. */
function separate(argv: readonly string[]): Typed {
  const [words, flags, switches]: [string[], string[], Set<string>] = [[], [], new Set()]
  for (let index = 0; index < argv.length; index++) {
    const word = ALIASES[argv[index] ?? ''] ?? argv[index] ?? ''
    if (!word.startsWith('--')) words.push(word)
    else if (SWITCHES.has(word.slice(2))) switches.add(word.slice(2))
    else if (word.includes('=')) flags.push(word)
    else flags.push(word, ...argv.slice(++index, index + 1))
  }
  return { words, flags, switches }
}

function find(words: readonly string[]): { command: Command; args: readonly string[] } {
  const first = words[0]
  if (first === undefined) throw usage('Say what to do.')
  const isTyped = (name: string): boolean => name === words.slice(0, name.split(' ').length).join(' ')
  const command = commands.find(({ name, aliases = [] }) => [name, ...aliases].some(isTyped))
  if (!command) {
    const family = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name)
    throw usage(family.length > 0 ? `Did you mean ${family.join(', ')}?` : `There is no command "${first}".`)
  }
  const args = words.slice(command.name.split(' ').length)
  if (args.length !== command.takes.length)
    throw usage(`Usage: npm run lares -- ${[command.name, ...command.takes].join(' ')}`)
  return { command, args }
}

/** Runs one command line; returns the exit code: 0 done, 1 failed, 2 typed wrongly. */
export async function runCli({ argv, env, clock, print, complain }: CliInput): Promise<number> {
  try {
    const { words, flags, switches } = separate(argv)
    const { command, args } = find(words)
    const strange = [...switches].find((each) => !command.switches?.includes(each))
    if (strange !== undefined) throw usage(`${command.name} knows no --${strange}.`)
    const config = readBootConfig(env, flags)
    const log = createLog({ level: 'warn', destination: { write: (line) => complain(line.trimEnd()) } })
    return await command.run({ config, clock, log, args, switches, print })
  } catch (error) {
    complain(error instanceof LaresError ? error.message : `This went wrong: ${messageOf(error)}`)
    if (!(error instanceof LaresError)) return EXIT_FAILED
    const isUsage = TYPED_WRONGLY.has(error.code)
    if (isUsage) complain('See: npm run lares -- help')
    return isUsage ? EXIT_USAGE : EXIT_FAILED
  }
}
