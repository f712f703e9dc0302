// What the household is doing, and who is home.
import { readMode, readPresence } from '../client.ts'
import { listen } from '../stream.ts'
import type { ModeState } from '../wire.ts'
import { createResource } from './resource.ts'

export const mode = createResource(readMode)
export const presence = createResource(readPresence)

/** What a call answered; the stream may have told of something newer meanwhile. */
export const keepMode = (state: ModeState): void => mode.patch((known) => (state.since < known.since ? known : state))

listen('mode.changed', (state) => mode.patch(() => state))
listen('presence.changed', (now) => presence.patch(() => now))
