import { readFile, stat } from 'node:fs/promises'
import { createAccounts, type Accounts } from '../accounts/index.ts'
import { createAudit } from '../audit/index.ts'
import { createBus } from '../core/bus.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Events } from '../events.ts'
import { argument, type Command, type CommandInput } from './command.ts'
import { withHome } from './existing-home.ts'

/** Five hundred people with their hashes fit into a tenth of this. */
const LARGEST_FILE_BYTES = 1024 * 1024

/** The accounts of a home whose server does not run. */
function withAccounts<T>(input: CommandInput, work: (accounts: Accounts) => Promise<T>): Promise<T> {
  const { clock, log } = input
  return withHome(input, async (home) => {
    const audit = createAudit({ database: home.database, clock, log })
    const bus = createBus<Events>(log)
    const done = await work(createAccounts({ ...home, clock, log, bus, audit, clockTrusted: () => true }))
    await audit.stop()
    return done
  })
}

async function readJson(path: string): Promise<unknown> {
  const info = await stat(path).catch(() => null)
  if (!info?.isFile()) throw new LaresError('not-found', `There is no file ${path}.`)
  if (info.size > LARGEST_FILE_BYTES) throw new LaresError('too-large', `${path} is too large: at most 1 MB.`)
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown
  } catch (cause) {
    // The parser quotes what it stumbles over, which may be a password hash.
    const words = cause instanceof SyntaxError ? 'is not JSON' : `cannot be read: ${messageOf(cause)}`
    throw new LaresError('invalid', `${path} ${words}.`, { cause })
  }
}

/** For whoever lost password and phone but can reach the box itself. */
const userReset: Command = {
  name: 'user reset',
  takes: ['NAME'],
  words: 'Gives an account a new password, second factor and recovery codes. Lares must not be running.',
  run: (input) =>
    withAccounts(input, async (accounts) => {
      const { print } = input
      const { username, temporaryPassword, totpSecret, totpUri, recoveryCodes } = await accounts.resetUser(
        argument(input.args, 0),
      )
      print(`New password for ${username}, to be changed at the next sign-in: ${temporaryPassword}`)
      print(`Authenticator secret: ${totpSecret}`)
      print(totpUri)
      print(`Recovery codes, each works once:\n  ${recoveryCodes.join('\n  ')}`)
      print('All sessions of this account are ended. None of this is shown again.')
      return 0
    }),
}

const userList: Command = {
  name: 'user list',
  takes: [],
  words: 'Shows every account with its role. Lares must not be running.',
  run: (input) =>
    withAccounts(input, async (accounts) => {
      for (const {
        username,
        displayName,
        roleName,
        active,
        hasTotp,
        passkeys,
        cameras,
      } of await accounts.listPeople()) {
        const notes = [
          roleName,
          active ? null : 'switched off',
          hasTotp || passkeys > 0 ? null : 'no second factor',
          cameras === null ? null : `sees ${cameras.length} cameras`,
        ].filter((note) => note !== null)
        input.print(`${username.padEnd(20)} ${displayName.padEnd(24)} ${notes.join(', ')}`)
      }
      return 0
    }),
}

const userImport: Command = {
  name: 'user import',
  takes: ['FILE'],
  words: 'Brings accounts of another system in, with their password hashes. Lares must not be running.',
  run: (input) =>
    withAccounts(input, async (accounts) => {
      const count = await accounts.importUsers(await readJson(argument(input.args, 0)))
      input.print(count === 1 ? 'One account was imported.' : `${count} accounts were imported.`)
      input.print('Everybody signs in with the password they have. Who may change things sets up a second factor then.')
      return 0
    }),
}

export const userCommands: readonly Command[] = [userList, userImport, userReset]
