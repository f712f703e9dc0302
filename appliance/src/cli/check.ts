import { join } from 'node:path'
import { checkDatabase } from '../db/index.ts'
import type { Command } from './command.ts'
import { requireDatabase } from './existing-home.ts'

/** Works beside a running server too: it only reads. */
export const check: Command = {
  name: 'check',
  takes: [],
  words: 'Looks through the database and the pictures and reports each damage. Changes nothing.',
  async run({ config, print }) {
    const file = await requireDatabase(config.dataDir)
    const damages = await checkDatabase({ file, mediaDir: join(config.dataDir, 'media') })
    for (const { kind, words } of damages) print(`${kind}: ${words}`)
    // A file too many costs space and nothing else.
    const serious = damages.filter(({ kind }) => kind !== 'orphan-file')
    print(damages.length === 0 ? 'Everything is whole.' : `${damages.length} found, ${serious.length} of them serious.`)
    return serious.length === 0 ? 0 : 1
  },
}
