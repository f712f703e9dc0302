import { aboutHandler } from './about.ts'
import type { AgentGround, Handlers } from './types.ts'

/** Every command with what carries it out. */
export function createHandlers(ground: AgentGround): Handlers {
  return { about: aboutHandler(ground) }
}
