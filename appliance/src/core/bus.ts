import type { Log } from './log.ts'
import { messageOf } from './errors.ts'

type Handler<Payload> = (payload: Payload) => void | Promise<void>

/**
 * A typed doorbell: what happened, in the past tense, after it was committed. What must not be lost is in the database;
 * a listener that missed a ring finds it there on its next scan. A failing listener never hurts the emitter.
 */
export interface Bus<Events> {
  emit<Name extends keyof Events & string>(name: Name, payload: Events[Name]): void
  /** `owner` names the listener in logs. The returned function stops listening. */
  on<Name extends keyof Events & string>(name: Name, owner: string, handler: Handler<Events[Name]>): () => void
}

export function createBus<Events>(log: Log): Bus<Events> {
  const handlers = new Map<string, Set<{ owner: string; handler: Handler<never> }>>()

  async function call(name: string, owner: string, handler: Handler<never>, payload: unknown): Promise<void> {
    try {
      await handler(payload as never)
    } catch (error) {
      log.error({ event: name, owner, err: messageOf(error) }, 'A listener failed')
    }
  }

  return {
    emit(name, payload) {
      for (const { owner, handler } of handlers.get(name) ?? []) void call(name, owner, handler, payload)
    },
    on(name, owner, handler) {
      const entry = { owner, handler: handler as Handler<never> }
      const set = handlers.get(name) ?? new Set()
      handlers.set(name, set.add(entry))
      return () => set.delete(entry)
    },
  }
}
