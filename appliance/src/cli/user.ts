import { createAccounts } from '../accounts/index.ts'
import { createBus } from '../core/bus.ts'
import type { Events } from '../events.ts'
import { argument, type Command } from './command.ts'
import { withHome } from './existing-home.ts'

/** For whoever lost password and phone but can reach the box itself. */
export const userReset: Command = {
  name: 'user reset',
  takes: ['NAME'],
  words: 'Gives an account a new password, second factor and recovery codes. Lares must not be running.',
  run: (input) =>
    withHome(input, async (home) => {
      const { clock, log, print } = input
      const accounts = createAccounts({ ...home, clock, log, bus: createBus<Events>(log), clockTrusted: () => true })
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
