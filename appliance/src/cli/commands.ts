import { VERSION } from '../core/version.ts'
import { answers } from './answers.ts'
import { backupCommands } from './backups.ts'
import { clientCommands } from './clients.ts'
import type { Command } from './command.ts'
import { doctor } from './doctor/doctor.ts'
import { modelCommands } from './models.ts'
import { userCommands } from './user.ts'

const version: Command = {
  name: 'version',
  takes: [],
  words: 'Shows the version.',
  async run({ print }) {
    print(`Lares ${VERSION}`)
    return 0
  },
}

const help: Command = {
  name: 'help',
  takes: [],
  words: 'Shows this list.',
  async run({ print }) {
    print(helpText())
    return 0
  },
}

/** Everything that `lares` can do, in the order of the help. */
export const commands: readonly Command[] = [
  answers,
  doctor,
  ...backupCommands,
  ...clientCommands,
  ...modelCommands,
  ...userCommands,
  version,
  help,
]

export function helpText(): string {
  const rows = commands.map(({ name, takes, switches = [], words }) => {
    const typed = [name, ...takes, ...switches.map((each) => `[--${each}]`)].join(' ')
    return `  ${typed.padEnd(26)}${words}`
  })
  return ['Usage: npm run lares -- COMMAND [--data FOLDER]', '', ...rows].join('\n')
}
