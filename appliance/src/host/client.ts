import { connect, type Socket } from 'node:net'
import type { Clock } from '../core/clock.ts'
import { LaresError, systemCodeOf, type ErrorKind } from '../core/errors.ts'
import { readJsonLines, writeJsonLine } from './lines.ts'
import {
  HOST_COMMANDS,
  HOST_SOCKET,
  HostReply,
  type HostCommandName,
  type HostFacts,
  type HostFeature,
  type HostParams,
  type HostProgress,
  type HostResult,
} from './protocol/index.ts'

export interface HostOptions {
  clock: Clock
  socketPath?: string
}

export interface HostCallOptions {
  onProgress?(progress: HostProgress): void
  /** How long no word at all may come; 30 s. Work on a slow card still says how far it is. */
  silenceMs?: number
}

/** The machine under the product. */
export interface Host {
  /** What it can have done to itself; null where no agent listens (container, `npm start`). */
  about(): Promise<HostFacts | null>
  can(feature: HostFeature): Promise<boolean>
  /** Throws `LaresError`: kind `unsupported`, code `HOST_AGENT_MISSING`, where no agent listens; else what the agent says. */
  call<Name extends HostCommandName>(
    command: Name,
    params: HostParams<Name>,
    options?: HostCallOptions,
  ): Promise<HostResult<Name>>
}

const SILENCE_MS = 30_000
const MISSING = 'HOST_AGENT_MISSING'
/** No such file, nobody listens there, or the socket is of a Lares of another user. */
const NO_AGENT = ['ENOENT', 'ECONNREFUSED', 'EACCES']

export function createHost({ clock, socketPath = HOST_SOCKET }: HostOptions): Host {
  const host: Host = {
    async about() {
      try {
        return await host.call('about', {})
      } catch (error) {
        if (error instanceof LaresError && error.code === MISSING) return null
        throw error
      }
    },
    async can(feature) {
      return (await host.about())?.features.includes(feature) ?? false
    },
    async call(command, params, options = {}) {
      const socket = await open(socketPath)
      const silence = watchSilence(socket, clock, options.silenceMs ?? SILENCE_MS)
      try {
        writeJsonLine(socket, { command, params })
        for await (const line of readJsonLines(socket)) {
          silence.heard()
          const reply = HostReply.parse(line)
          if ('progress' in reply) options.onProgress?.(reply.progress)
          else if ('error' in reply) throw errorOf(reply.error)
          else return HOST_COMMANDS[command].result.parse(reply.result) as HostResult<typeof command>
        }
        throw new LaresError('unavailable', 'The host agent ended without an answer.')
      } finally {
        silence.end()
        socket.destroy()
      }
    },
  }
  return host
}

function open(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', (cause) => {
      const missing = NO_AGENT.includes(systemCodeOf(cause) ?? '')
      const words = missing ? 'This needs a box that runs our own system.' : 'The host agent does not answer.'
      reject(
        new LaresError(missing ? 'unsupported' : 'unavailable', words, { ...(missing && { code: MISSING }), cause }),
      )
    })
  })
}

function errorOf({ kind, code, message }: { kind: string; code: string; message: string }): LaresError {
  return new LaresError(kind as ErrorKind, message, { code })
}

interface SilenceWatch {
  heard(): void
  end(): void
}

function watchSilence(socket: Socket, clock: Clock, silenceMs: number): SilenceWatch {
  const begin = (): (() => void) =>
    clock.after(silenceMs, () => socket.destroy(new LaresError('timeout', 'The host agent went silent.')))
  let cancel = begin()
  return {
    heard() {
      cancel()
      cancel = begin()
    },
    end: () => cancel(),
  }
}
