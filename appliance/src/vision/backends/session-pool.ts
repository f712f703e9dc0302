import type { ProcessorSession } from './processor-session.ts'

/** Sessions side by side: how many there are, and who is free. */
export interface SessionPool {
  /** Adds sessions, or ends the last ones; one is always kept. */
  resize(count: number): void
  isOneOpen(): boolean
  countOpen(): number
  firstIdle(): ProcessorSession | undefined
  restart(which: (session: ProcessorSession) => boolean): void
  medianMs(): number | null
  stop(): Promise<void>
}

export function createSessionPool(make: () => ProcessorSession): SessionPool {
  const sessions: ProcessorSession[] = []
  const ending = new Set<Promise<void>>()

  function endFrom(index: number): void {
    for (const session of sessions.splice(index)) {
      const ended = session.stop().finally(() => ending.delete(ended))
      ending.add(ended)
    }
  }

  return {
    resize(count) {
      endFrom(Math.max(1, count))
      while (sessions.length < count) {
        const session = make()
        sessions.push(session)
        void session.start()
      }
    },
    isOneOpen: () => sessions.some((each) => each.isOpen()),
    countOpen: () => sessions.filter((each) => each.isOpen()).length,
    firstIdle: () => sessions.find((each) => each.isIdle()),
    restart(which) {
      for (const each of sessions.filter(which)) each.restart()
    },
    medianMs() {
      const times = sessions.map(({ looks }) => looks.medianMs()).filter((each) => each !== null)
      return times.length === 0 ? null : times.reduce((sum, each) => sum + each, 0) / times.length
    },
    async stop() {
      endFrom(0)
      await Promise.all(ending)
    },
  }
}
