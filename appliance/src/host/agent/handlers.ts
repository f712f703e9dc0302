import { aboutHandler } from './about.ts'
import { wifiHandlers } from './wifi.ts'
import { wireguardHandlers } from './wireguard.ts'
import type { AgentGround, Handlers } from './types.ts'

/** Every command with what carries it out. */
export function createHandlers(ground: AgentGround): Handlers {
  return { about: aboutHandler(ground), ...wifiHandlers(ground), ...wireguardHandlers(ground) }
}
