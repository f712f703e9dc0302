import { z } from 'zod'
import { asks, changes, nothing } from './command.ts'

/** A bundle is named by its file alone: the folder is the agent's business. */
export const BUNDLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.raucb$/
const bundle = z.strictObject({ file: z.string().regex(BUNDLE_NAME) })

const slotName = z.enum(['A', 'B'])

export const BundleFacts = z.strictObject({
  version: z.string(),
  /** For which kind of box it was made. */
  compatible: z.string(),
  /** What is new, in the words of whoever made it; may be empty. */
  description: z.string(),
})
export type BundleFacts = z.infer<typeof BundleFacts>

export const SlotFacts = z.strictObject({
  name: slotName,
  booted: z.boolean(),
  /** What RAUC last wrote into it; null: what it was delivered with. */
  version: z.string().nullable(),
  installedAt: z.string().nullable(),
  /** False: it was tried and found bad. */
  good: z.boolean(),
})

export const UpdateStatus = z.strictObject({
  compatible: z.string(),
  booted: slotName,
  /** The one that starts when nothing else is asked for; another one than `booted` after an installation, or on trial. */
  primary: slotName.nullable(),
  slots: z.array(SlotFacts),
})
export type UpdateStatus = z.infer<typeof UpdateStatus>

export const updateCommands = {
  'updates.status': asks(nothing, UpdateStatus),
  /** Checks the signature and says what the bundle is. */
  'updates.inspect': asks(bundle, BundleFacts),
  /** Writes it into the slot that does not run. Says how far it is. */
  'updates.install': changes(bundle, z.strictObject({ slot: slotName })),
  /** Restarts into the slot that was installed, for one trial. */
  'updates.switch': changes(nothing, z.strictObject({ restarting: z.literal(true) })),
}
