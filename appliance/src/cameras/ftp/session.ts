import type { Socket } from 'node:net'
import { messageOf, LaresError } from '../../core/errors.ts'
import { createLineReader, parseCommand } from './command.ts'
import { runCommand } from './commands.ts'
import { plainAddress, secureServerSide } from './data-connection.ts'
import type { SessionState } from './session-state.ts'
import type { FtpServices } from './types.ts'

const LOGIN_WITHIN_MS = 30_000
const IDLE_MS = 300_000
/** Lines that wait for the one in hand; more is no camera. */
const MOST_WAITING = 32
const GREETING = '220 Lares takes pictures here.\r\n'

/** One control connection, from greeting to end. Resolves when it is closed; never rejects. */
export async function serveSession(first: Socket, services: FtpServices, stopping: AbortSignal): Promise<void> {
  const { clock, log } = services
  const address = plainAddress(first.remoteAddress)
  const control = createControl(first)
  const state: SessionState = {
    ...{ services, address, localAddress: plainAddress(first.localAddress) },
    tell: (reply) => control.send(`${reply}\r\n`),
    ...{ username: null, home: null, parts: [], renameFrom: null, offered: null, transfer: null },
    ...{
      isSecure: false,
      isProtected: false,
      onlyExtended: false,
      failedLogins: 0,
      stored: new Set(),
      usedBytes: null,
    },
  }
  const stop = (): void => control.end('421 Lares is stopping.')
  stopping.addEventListener('abort', stop, { once: true })
  let cancelIdle = clock.after(LOGIN_WITHIN_MS, () => control.end('421 Nobody signed in.'))
  const alive = (): void => {
    if (!state.home) return // Until the sign-in, nothing prolongs.
    cancelIdle()
    cancelIdle = clock.after(IDLE_MS, () => control.end('421 Nothing was said for a while.'))
  }
  control.onUrgent = () => state.transfer?.destroy()
  control.send(GREETING)
  try {
    for await (const line of control.lines()) {
      alive()
      const command = parseCommand(line)
      const answer = command ? await runCommand(state, command) : { reply: '500 That is no command.' }
      if (control.isClosed()) break
      control.send(`${answer.reply}\r\n`)
      if (answer.then === 'tls') {
        state.isSecure = true
        await control.secure((socket) => secureServerSide(socket, contextOf(services), clock))
      }
      if (answer.then === 'end') break
      alive()
    }
  } catch (error) {
    log.debug({ address, err: messageOf(error) }, 'An FTP connection ended')
  } finally {
    cancelIdle()
    stopping.removeEventListener('abort', stop)
    state.offered?.close()
    state.transfer?.destroy()
    control.end()
  }
}

function contextOf({ tls }: FtpServices) {
  if (tls) return tls()
  throw new LaresError('internal', 'There is no certificate for FTP.')
}

/** The socket with its lines, which changes once when TLS begins. */
function createControl(first: Socket) {
  let socket = first
  let closed = false
  const reader = createLineReader()
  let waiting: Uint8Array[] = []
  let wake = (): void => undefined
  const control = {
    onUrgent: (): void => undefined,
    isClosed: () => closed,
    send: (text: string) => void (closed || socket.write(text)),
    end(text?: string) {
      if (closed) return
      closed = true
      wake()
      socket.end(text === undefined ? '' : `${text}\r\n`)
      // Whoever does not close his half gets no second chance to keep it open.
      socket.resume()
      socket.once('finish', () => socket.destroy())
    },
    async *lines(): AsyncGenerator<Uint8Array> {
      while (!closed) {
        const line = waiting.shift()
        if (line) yield line
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    async secure(wrap: (socket: Socket) => Promise<Socket>) {
      // What was sent in the clear after AUTH must not count as said in secret.
      waiting = []
      reader.clear()
      socket.removeListener('data', onData)
      socket = await wrap(socket)
      listen()
    },
  }
  function onData(chunk: Buffer): void {
    try {
      const lines = reader.push(chunk)
      if (lines.some((line) => parseCommand(line)?.verb === 'ABOR')) control.onUrgent()
      waiting.push(...lines)
      if (waiting.length > MOST_WAITING) return control.end('421 Too many commands at once.')
      wake()
    } catch {
      control.end('500 That line is too long.')
    }
  }
  function gone(): void {
    closed = true
    control.onUrgent()
    wake()
  }
  function listen(): void {
    socket.on('data', onData)
    socket.on('error', () => socket.destroy())
    socket.once('close', gone)
    socket.once('end', () => control.end())
  }
  listen()
  return control
}
