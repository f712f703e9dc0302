import { aboutHandler } from './about.ts'
import { powerHandlers } from './power.ts'
import type { AgentGround, Handlers } from './types.ts'
import { updateHandlers } from './updates.ts'
import { wifiHandlers } from './wifi.ts'
import { wireguardHandlers } from './wireguard.ts'

/** Every command with what carries it out. */
export function createHandlers(ground: AgentGround): Handlers {
  return {
    about: aboutHandler(ground),
    ...powerHandlers(ground),
    ...updateHandlers(ground),
    ...wifiHandlers(ground),
    ...wireguardHandlers(ground),
  }
}
