// What the household is doing, and who is home.
import { readMode, readPresence } from '../client.ts'
import { listen } from '../stream.ts'
import type { ModeState } from '../wire.ts'
import { createResource } from './resource.ts'

export const mode = createResource(readMode)
export const presence = createResource(readPresence)

export const keepMode = (state: ModeState): void => mode.patch(() => state)

listen('mode.changed', keepMode)
listen('presence.changed', (now) => presence.patch(() => now))
