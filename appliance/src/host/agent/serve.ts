import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { readJsonLines, writeJsonLine } from '../lines.ts'
import { HOST_COMMANDS, HostRequest, type HostCommandName } from '../protocol/index.ts'
import type { Handler, Handlers, Tell } from './types.ts'

export interface AgentServerOptions {
  handlers: Handlers
  clock: Clock
  log: Log
  /** Called when nobody has asked for anything for `idleMs`. */
  onIdle(): void
  idleMs: number
}

const GOODBYE_MS = 2_000

/** The root side of the socket: one request a connection, checked against the protocol before anything happens. */
export function createAgentServer({ handlers, clock, log, onIdle, idleMs }: AgentServerOptions): Server {
  let running = 0
  let changing = false
  let cancelIdle = clock.after(idleMs, onIdle)

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    cancelIdle()
    running += 1
    socket.on('error', (error) => log.debug({ err: messageOf(error) }, 'Whoever asked went away'))
    void serve(socket).finally(() => {
      running -= 1
      if (running === 0) cancelIdle = clock.after(idleMs, onIdle)
    })
  })
  server.once('close', () => cancelIdle())
  return server

  async function serve(socket: Socket): Promise<void> {
    try {
      const request = await firstRequest(socket)
      const result = await carryOut(request, (progress) => writeJsonLine(socket, { progress }))
      writeJsonLine(socket, { result })
    } catch (error) {
      writeJsonLine(socket, { error: describe(error) })
    } finally {
      // What is still coming is not read, only let go: cutting it off would cut off the answer too.
      socket.setTimeout(GOODBYE_MS, () => socket.destroy())
      socket.resume().end()
    }
  }

  async function carryOut({ command, params }: HostRequest, tell: Tell): Promise<unknown> {
    const name = commandName(command)
    const checked = HOST_COMMANDS[name].params.safeParse(params)
    if (!checked.success) throw new LaresError('invalid', `The parameters of ${name} are wrong.`)
    const handler = handlers[name] as Handler<HostCommandName>
    const run = (): Promise<unknown> => handler(checked.data as never, tell)
    if (!HOST_COMMANDS[name].changes) return run()
    if (changing) throw new LaresError('conflict', 'The box is busy with a change already.', { code: 'HOST_BUSY' })
    changing = true
    log.info({ command: name }, 'Changing the machine')
    try {
      return await run()
    } finally {
      changing = false
    }
  }

  function describe(error: unknown): { kind: string; code: string; message: string } {
    if (error instanceof LaresError) return { kind: error.kind, code: error.code, message: error.message }
    log.error({ err: messageOf(error) }, 'A command failed')
    return { kind: 'internal', code: 'INTERNAL', message: 'The host agent failed. Its journal says why.' }
  }
}

type HostRequest = ReturnType<typeof HostRequest.parse>

async function firstRequest(socket: Socket): Promise<HostRequest> {
  for await (const line of readJsonLines(socket)) {
    const request = HostRequest.safeParse(line)
    if (request.success) return request.data
    throw new LaresError('invalid', 'That is not a request of the host protocol.')
  }
  throw new LaresError('invalid', 'Nothing was asked.')
}

function commandName(command: string): HostCommandName {
  if (Object.hasOwn(HOST_COMMANDS, command)) return command as HostCommandName
  throw new LaresError('unsupported', `There is no command ${command}.`, { code: 'HOST_COMMAND_UNKNOWN' })
}
