import { createAudit } from '../audit/index.ts'
import { openToEverybody } from '../tls/index.ts'
import type { Command } from './command.ts'
import { withHome } from './existing-home.ts'

/** For whoever asks for client certificates and has none that works. */
const clientsOpen: Command = {
  name: 'clients open',
  takes: [],
  words: 'Lets phones in without a client certificate again. Lares must not be running.',
  run: (input) =>
    withHome(input, async ({ settings, database }) => {
      const audit = createAudit({ database, clock: input.clock, log: input.log })
      await openToEverybody({ settings, audit })
      await audit.stop()
      input.print('From the next start nobody is asked for a client certificate. Signing in stays as it was.')
      return 0
    }),
}

export const clientCommands: readonly Command[] = [clientsOpen]
