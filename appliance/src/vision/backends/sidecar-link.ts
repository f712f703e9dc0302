import { connect, type Socket } from 'node:net'
import { sleep, type Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { KINDS, createMessageReader, encodeMessage, type Message } from './frames.ts'
import {
  PROTOCOL,
  VERSION,
  readFailure,
  readHello,
  readSeen,
  type SidecarAnswer,
  type SidecarHello,
} from './sidecar-hello.ts'

const HELLO_TIMEOUT_MS = 10_000
const PING_EVERY_MS = 5_000
const PONG_TIMEOUT_MS = 2_000

/** A conversation with one sidecar over its socket. */
export interface SidecarLink {
  readonly hello: SidecarHello
  readonly died: Promise<string>
  /** Rejects with `unavailable` when the sidecar failed or is gone. */
  ask(width: number, height: number, pixels: Uint8Array): Promise<SidecarAnswer>
  end(): void
}

/** Connects and is introduced. Throws `unavailable` or `invalid` with the reason in words. */
export async function openSidecarLink(path: string, clock: Clock): Promise<SidecarLink> {
  const socket = connect(path)
  const died = Promise.withResolvers<string>()
  const hello = Promise.withResolvers<SidecarHello>()
  const waiting = new Map<number, PromiseWithResolvers<SidecarAnswer>>()
  const ended = new AbortController()
  let nextId = 0
  let heardAt = clock.monotonic()

  function giveUp(reason: string): void {
    if (ended.signal.aborted) return
    ended.abort()
    socket.destroy()
    died.resolve(reason)
    const error = new LaresError('unavailable', reason, { code: 'SIDECAR_GONE' })
    hello.reject(error)
    for (const each of waiting.values()) each.reject(error)
    waiting.clear()
  }

  function onMessage({ kind, body }: Message): void {
    heardAt = clock.monotonic()
    if (kind === KINDS.hello) hello.resolve(readHello(body))
    else if (kind === KINDS.seen) settle(readSeen(body))
    else if (kind === KINDS.failed) fail(readFailure(body))
    else if (kind !== KINDS.pong) throw new LaresError('invalid', 'The sidecar sent something unknown.')
  }

  function settle(answer: SidecarAnswer): void {
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
  }

  function fail({ id, reason }: { id: number; reason: string }): void {
    waiting.get(id)?.reject(new LaresError('unavailable', reason, { code: 'SIDECAR_FAILED' }))
    waiting.delete(id)
  }

  listen(socket, onMessage, giveUp)
  send(socket, KINDS.hello, Buffer.from(JSON.stringify({ protocol: PROTOCOL, versions: [VERSION] })))
  const cancel = clock.after(HELLO_TIMEOUT_MS, () => giveUp('The sidecar does not introduce itself.'))
  const introduced = await hello.promise.finally(cancel)
  void keepPinging(clock, ended.signal, () => heardAt, socket, giveUp)
  return {
    hello: introduced,
    died: died.promise,
    ask(width, height, pixels) {
      if (ended.signal.aborted) return Promise.reject(new LaresError('unavailable', 'The sidecar is gone.'))
      const id = nextId++
      const answer = Promise.withResolvers<SidecarAnswer>()
      waiting.set(id, answer)
      send(socket, KINDS.look, lookHeader(id, width, height), pixels)
      return answer.promise
    },
    end: () => giveUp('It was closed.'),
  }
}

/** The one reader. Whatever cannot be read ends the conversation: after it nothing could be trusted. */
function listen(socket: Socket, onMessage: (message: Message) => void, giveUp: (reason: string) => void): void {
  const read = createMessageReader(onMessage)
  socket.on('data', (piece) => {
    try {
      read(piece)
    } catch (error) {
      giveUp(messageOf(error))
    }
  })
  socket.on('error', (error) => giveUp(`The sidecar cannot be reached: ${error.message}`))
  socket.on('close', () => giveUp('The sidecar ended.'))
}

function send(socket: Socket, kind: number, ...parts: Uint8Array[]): void {
  socket.cork()
  for (const each of encodeMessage(kind, ...parts)) socket.write(each)
  socket.uncork()
}

function lookHeader(id: number, width: number, height: number): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(id >>> 0)
  header.writeUInt16BE(width, 4)
  header.writeUInt16BE(height, 6)
  return header
}

/** A sidecar that hangs while nobody asks it is found out before somebody does. */
async function keepPinging(
  clock: Clock,
  ended: AbortSignal,
  heardAt: () => number,
  socket: Socket,
  giveUp: (reason: string) => void,
): Promise<void> {
  for (;;) {
    await sleep(clock, PING_EVERY_MS, ended)
    if (ended.aborted) return
    const askedAt = clock.monotonic()
    send(socket, KINDS.ping)
    await sleep(clock, PONG_TIMEOUT_MS, ended)
    if (heardAt() < askedAt) return giveUp('The sidecar does not answer.')
  }
}
