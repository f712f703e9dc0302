import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { STREAM_PERMISSIONS, type StreamEvents } from '../../api/stream.ts'
import type { Bus } from '../../core/bus.ts'
import { newId } from '../../core/ids.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { supervise } from '../../core/supervise.ts'
import { createConnection, type Connection } from './connection.ts'
import { createEventLog } from './event-log.ts'
import { BEAT_MS, CLOSE_CODES, LONGEST_MESSAGE_BYTES, MOST_CONNECTIONS_PER_USER } from './limits.ts'
import { admit, refuseUpgrade, type AdmitDeps, type Admitted } from './upgrade.ts'

/** What the stream listens to: the part of the product's events that a page may see, and the end of sessions. */
export interface StreamBusEvents extends Omit<StreamEvents, 'incident.changed'> {
  'incident.changed': { incident: StreamEvents['incident.changed'] }
  'session.ended': { sessionId: string; userId: string; reason: string }
}

export interface StreamDeps extends AdmitDeps {
  bus: Pick<Bus<StreamBusEvents>, 'on'>
  log: Log
  /** Told how many pages are open whenever that changes: what nobody looks at may be read less often. */
  onViewers?(count: number): void
}

export interface Stream extends Part {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  connections(): number
}

const NAMES = Object.keys(STREAM_PERMISSIONS) as (keyof StreamEvents)[]

/** Connections by user; the oldest of a user gives way, so that a phone with half-dead ones is never locked out. */
function createRegister(): {
  all(): Connection[]
  add(connection: Connection): void
  remove(connection: Connection): void
} {
  const open = new Set<Connection>()
  return {
    all: () => [...open],
    add(connection) {
      const own = [...open].filter(({ principal }) => principal.userId === connection.principal.userId)
      if (own.length >= MOST_CONNECTIONS_PER_USER) own[0]?.end('too many open pages', CLOSE_CODES.tooMany)
      open.add(connection)
    },
    remove: (connection) => void open.delete(connection),
  }
}

/** `/api/stream`: the one live channel, filtered by permission, with sequence numbers and resync. */
export function createStream(deps: StreamDeps): Stream {
  const { bus, clock, log } = deps
  const run = newId(clock.now())
  const events = createEventLog()
  const register = createRegister()
  const server = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE_BYTES, perMessageDeflate: false })
  const stopListening: (() => void)[] = []
  const dying = new Set<() => void>()

  function publish(name: keyof StreamEvents, payload: unknown): void {
    const data = name === 'incident.changed' ? (payload as StreamBusEvents['incident.changed']).incident : payload
    const at = clock.now()
    const event = events.add(STREAM_PERMISSIONS[name], (seq) => JSON.stringify({ type: 'event', name, seq, at, data }))
    for (const connection of register.all()) connection.deliver(event)
  }

  function end(connection: Connection, reason: string, code: number): void {
    connection.end(reason, code)
    // A peer that does not answer the close is cut off: an ended session sees nothing more.
    const cancel = clock.after(500, () => {
      dying.delete(cancel)
      connection.terminate()
    })
    dying.add(cancel)
  }

  const beats = supervise({
    name: 'stream beats',
    clock,
    log,
    pauseMs: BEAT_MS,
    async runOnce() {
      for (const connection of register.all()) {
        const still = await deps.authenticate(connection.sessionToken, { address: '', userAgent: '' })
        if (still) connection.beat()
        else end(connection, 'session-ended', CLOSE_CODES.sessionEnded)
      }
    },
  })

  function open(request: IncomingMessage, socket: Duplex, head: Buffer, { principal, sessionToken }: Admitted): void {
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const onClose = (connection: Connection): void => {
        register.remove(connection)
        deps.onViewers?.(register.all().length)
      }
      register.add(createConnection({ socket: webSocket, principal, sessionToken, run, events, onClose }))
      deps.onViewers?.(register.all().length)
    })
  }

  return {
    name: 'stream',
    connections: () => register.all().length,
    upgrade(request, socket, head) {
      const onError = (error: unknown): void => log.debug({ err: messageOf(error) }, 'A stream could not be opened')
      socket.on('error', onError)
      admit(request, deps)
        .then((admitted) => open(request, socket, head, admitted))
        .catch((error: unknown) => refuseUpgrade(socket, error, clock.now()))
    },
    async start() {
      for (const name of NAMES) stopListening.push(bus.on(name, 'stream', (payload: unknown) => publish(name, payload)))
      const onEnded = ({ sessionId, reason }: StreamBusEvents['session.ended']): void => {
        const gone = register.all().filter(({ principal }) => principal.sessionId === sessionId)
        for (const connection of gone) end(connection, reason, CLOSE_CODES.sessionEnded)
      }
      stopListening.push(bus.on('session.ended', 'stream', onEnded))
      await beats.start()
    },
    async stop() {
      await beats.stop()
      for (const stop of stopListening.splice(0)) stop()
      for (const connection of register.all()) connection.end('The box is stopping.', CLOSE_CODES.stopping)
      for (const cancel of dying) cancel()
      for (const connection of register.all()) connection.terminate()
      server.close()
    },
  }
}
