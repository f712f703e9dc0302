import { WebSocket } from 'ws'
import type { ClientMessage, ServerMessage } from '../../api/stream.ts'
import type { Clock } from '../../core/clock.ts'
import { maySeeCamera, type Principal } from '../route.ts'
import { readClientMessage } from './client-message.ts'
import type { EventLog, LoggedEvent } from './event-log.ts'
import { CLOSE_CODES, createMessageLimit, LONGEST_MESSAGE_BYTES, MOST_WAITING_BYTES } from './limits.ts'

export interface ConnectionDeps {
  clock: Clock
  socket: WebSocket
  principal: Principal
  run: string
  events: EventLog
  onClose(connection: Connection): void
}

/** One open page. */
export interface Connection {
  readonly principal: Principal
  deliver(event: LoggedEvent): void
  /** Tells why, then closes. */
  end(reason: string, code: number): void
  /** Closes when nothing came back since the last beat; otherwise asks again. */
  beat(): void
  terminate(): void
}

/** Permission, and the camera where it is about one (SEC-A10). */
const maySee = (principal: Principal, { needs, cameraId }: LoggedEvent): boolean =>
  principal.permissions.has(needs) && (cameraId === null || maySeeCamera(principal, cameraId))

interface Listener {
  /** False: too many messages. */
  mayGoOn(): boolean
  onMessage(message: ClientMessage): void
  /** Something came: the other side lives. */
  onAnswer(): void
  onClose(): void
}

/** Hears the other side: what it may not say ends the connection. */
function listen(socket: WebSocket, { mayGoOn, onMessage, onAnswer, onClose }: Listener): void {
  /** Says why once; whoever talks on is cut off. */
  function hangUp(): void {
    if (socket.readyState === WebSocket.OPEN) socket.close(CLOSE_CODES.badMessage, 'too many messages')
    else socket.terminate()
  }

  socket.on('pong', onAnswer)
  // Pings of the protocol are answered by ws itself and cost as much as messages.
  socket.on('ping', () => {
    if (!mayGoOn()) hangUp()
  })
  socket.on('message', (data, isBinary) => {
    onAnswer()
    if (!mayGoOn()) return hangUp()
    const text = isBinary || !Buffer.isBuffer(data) || data.length > LONGEST_MESSAGE_BYTES ? '' : data.toString('utf8')
    const message = readClientMessage(text)
    if (message) onMessage(message)
    else socket.close(CLOSE_CODES.badMessage, 'not understood')
  })
  // Protocol errors and oversized messages: ws closes by itself, the event only must not go unheard.
  socket.on('error', () => undefined)
  socket.on('close', onClose)
}

export function createConnection(deps: ConnectionDeps): Connection {
  const { socket, principal, events } = deps
  let answered = true

  const say = (message: ServerMessage): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }

  function resume(run: string, seq: number): void {
    const missed = run === deps.run ? events.since(seq) : null
    if (!missed) return say({ type: 'resync', reason: run === deps.run ? 'too-long-away' : 'server-restarted' })
    missed.forEach(connection.deliver)
  }

  const connection: Connection = {
    principal,
    deliver(event) {
      if (socket.readyState !== WebSocket.OPEN || !maySee(principal, event)) return
      // A phone that cannot keep up must not fill the box's memory: it comes back and reads everything anew.
      if (socket.bufferedAmount > MOST_WAITING_BYTES) return socket.close(CLOSE_CODES.tooSlow, 'resync')
      const ownText = principal.cameras === null ? null : event.textFor
      socket.send(ownText ? ownText(principal) : event.text)
    },
    end(reason, code) {
      say({ type: 'ended', reason })
      socket.close(code, reason.slice(0, 100))
    },
    beat() {
      if (!answered) return socket.terminate()
      answered = false
      socket.ping()
    },
    terminate: () => socket.terminate(),
  }

  const mayGoOn = createMessageLimit(deps.clock)
  const onMessage = (message: ClientMessage): void => {
    if (message.type === 'ping') say({ type: 'pong' })
    else resume(message.run, message.seq)
  }
  listen(socket, { mayGoOn, onMessage, onAnswer: () => (answered = true), onClose: () => deps.onClose(connection) })
  say({ type: 'hello', run: deps.run, seq: events.lastSeq })
  return connection
}
