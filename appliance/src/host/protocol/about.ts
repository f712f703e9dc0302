import { z } from 'zod'
import { asks, nothing } from './command.ts'

/** What a box can have done to itself from its page. */
export const HOST_FEATURES = ['updates', 'factory-reset', 'power', 'wifi', 'wireguard'] as const
export type HostFeature = (typeof HOST_FEATURES)[number]

export const HostFacts = z.strictObject({
  /** `image`: our own system, two slots; `package`: Lares on somebody else's Debian. */
  kind: z.enum(['image', 'package']),
  /** Of the image; null on a package. */
  imageVersion: z.string().nullable(),
  /** The slot that is running; null on a package. */
  slot: z.enum(['A', 'B']).nullable(),
  /** The data partition cannot be used: everything lies in memory and is gone after the next start. */
  inMemoryOnly: z.boolean(),
  features: z.array(z.enum(HOST_FEATURES)),
})
export type HostFacts = z.infer<typeof HostFacts>

export const aboutCommands = { about: asks(nothing, HostFacts) }
