import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { STREAM_PERMISSIONS, type StreamEvents } from '../../api/stream.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { newId } from '../../core/ids.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { supervise } from '../../core/supervise.ts'
import { noticesSeenBy } from '../notices-seen.ts'
import { endWithError } from '../raw-reply.ts'
import type { Principal } from '../route.ts'
import { createConnection, type Connection } from './connection.ts'
import { createEventLog, type EventLog, type ToText } from './event-log.ts'
import { BEAT_MS, CLOSE_CODES, LONGEST_MESSAGE_BYTES, MOST_CONNECTIONS_PER_USER } from './limits.ts'
import { admit, type AdmitDeps } from './upgrade.ts'

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
  /** For POSITION_HEADER. */
  position(): string
}

const CLOSE_GRACE_MS = 500
const NAMES = Object.keys(STREAM_PERMISSIONS) as (keyof StreamEvents)[]

interface Register {
  all(): Connection[]
  add(connection: Connection): void
  remove(connection: Connection): void
}

/** Connections by user; the oldest of a user gives way, so that a phone with half-dead ones is never locked out. */
function createRegister(ending: Ending, onCount: (count: number) => void): Register {
  const open = new Set<Connection>()
  return {
    all: () => [...open],
    add(connection) {
      const own = [...open].filter(({ principal }) => principal.userId === connection.principal.userId)
      // All that are too many: one that does not answer its goodbye stays in the list, and must not keep the next one in.
      const surplus = own.slice(0, Math.max(0, own.length + 1 - MOST_CONNECTIONS_PER_USER))
      for (const one of surplus) ending.end(one, 'too many open pages', CLOSE_CODES.tooMany)
      open.add(connection)
      onCount(open.size)
    },
    remove(connection) {
      open.delete(connection)
      onCount(open.size)
    },
  }
}

interface Ending {
  end(connection: Connection, reason: string, code: number): void
  cancelAll(): void
}

/** Ends connections so that they are gone soon, whatever the other side does. */
function createEnding(clock: Clock): Ending {
  const waiting = new Set<() => void>()
  return {
    end(connection, reason, code) {
      connection.end(reason, code)
      // A peer that does not answer the close is cut off: an ended session sees nothing more.
      const cancel = clock.after(CLOSE_GRACE_MS, () => {
        waiting.delete(cancel)
        connection.terminate()
      })
      waiting.add(cancel)
    },
    cancelAll() {
      for (const cancel of waiting) cancel()
      waiting.clear()
    },
  }
}

/** The camera that an event is about. */
function cameraOf<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): string | null {
  if (name === 'incident.changed') return (data as StreamEvents['incident.changed']).camera.id
  if (name === 'camera.view-changed') return (data as StreamEvents['camera.view-changed']).cameraId
  return name === 'camera.changed' || name === 'camera.removed' ? (data as { id: string }).id : null
}

/** What tells of many cameras at once is thinned out for whoever sees only some. */
const dataSeenBy = (reader: Principal, name: keyof StreamEvents, data: unknown): unknown =>
  name === 'notices.changed'
    ? { notices: noticesSeenBy(reader, (data as StreamEvents['notices.changed']).notices) }
    : data

/** Hands what happens to every open page; returns how to stop listening. */
function followBus({ bus, clock }: StreamDeps, events: EventLog, register: Register, ending: Ending): () => void {
  const publish = (name: keyof StreamEvents, payload: unknown): void => {
    const data = name === 'incident.changed' ? (payload as StreamBusEvents['incident.changed']).incident : payload
    const at = clock.now()
    const audience = { needs: STREAM_PERMISSIONS[name], cameraId: cameraOf(name, data as StreamEvents[typeof name]) }
    const toText: ToText = (seq, reader) =>
      JSON.stringify({ type: 'event', name, seq, at, data: reader === null ? data : dataSeenBy(reader, name, data) })
    const event = events.add(audience, toText, name === 'notices.changed')
    for (const connection of register.all()) connection.deliver(event)
  }
  const onSessionEnded = ({ sessionId, reason }: StreamBusEvents['session.ended']): void => {
    const gone = register.all().filter(({ principal }) => principal.sessionId === sessionId)
    for (const connection of gone) ending.end(connection, reason, CLOSE_CODES.sessionEnded)
  }
  const stops = [
    ...NAMES.map((name) => bus.on(name, 'stream', (payload: unknown) => publish(name, payload))),
    bus.on('session.ended', 'stream', onSessionEnded),
  ]
  return () => stops.forEach((stop) => stop())
}

/** `/api/stream`: the one live channel, filtered by permission, with sequence numbers and resync. */
export function createStream(deps: StreamDeps): Stream {
  const { clock, log } = deps
  const run = newId(clock.now())
  const events = createEventLog()
  const ending = createEnding(clock)
  const register = createRegister(ending, (count) => deps.onViewers?.(count))
  const server = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE_BYTES, perMessageDeflate: false })
  let stopFollowing: () => void = () => undefined

  /** False, and ended, when the session is over. */
  async function isStillSignedIn(connection: Connection): Promise<boolean> {
    if (await deps.isInForce(connection.principal)) return true
    ending.end(connection, 'session-ended', CLOSE_CODES.sessionEnded)
    return false
  }

  const beats = supervise({
    ...{ name: 'stream beats', clock, log, pauseMs: BEAT_MS },
    async runOnce() {
      for (const connection of register.all()) if (await isStillSignedIn(connection)) connection.beat()
    },
  })

  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const principal = await admit(request, deps)
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const onClose = (connection: Connection): void => register.remove(connection)
      const connection = createConnection({ clock, socket: webSocket, principal, run, events, onClose })
      register.add(connection)
      // Signed out during the handshake: nobody told this connection.
      isStillSignedIn(connection).catch(() => connection.terminate())
    })
  }

  return {
    name: 'stream',
    connections: () => register.all().length,
    position: () => `${run}/${events.lastSeq}`,
    upgrade(request, socket, head) {
      socket.on('error', (error) => log.debug({ err: messageOf(error) }, 'A stream could not be opened'))
      open(request, socket, head).catch((error: unknown) => endWithError(socket, error, clock.now()))
    },
    async start() {
      stopFollowing = followBus(deps, events, register, ending)
      await beats.start()
    },
    async stop() {
      await beats.stop()
      stopFollowing()
      for (const connection of register.all()) connection.end('The box is stopping.', CLOSE_CODES.stopping)
      ending.cancelAll()
      for (const connection of register.all()) connection.terminate()
      server.close()
    },
  }
}
