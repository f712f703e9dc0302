import { stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { CameraAtAGlance } from '../../db/index.ts'
import { fact, good, problem, warning, type Examine, type Finding } from './finding.ts'

const PATIENCE_MS = 3_000
const PORTS: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 }

/** Any kind of source: those of a network have an address, others a path on this box. */
const anySource = z.looseObject({ kind: z.string(), url: z.string().optional(), path: z.string().optional() })

/** Whether something answers where each camera should be; the picture itself is the server's work. */
export const examineCameras: Examine = async ({ input: { clock }, ...patient }) => {
  const cameras = await patient.cameras()
  if (cameras.length === 0) return [fact('Cameras', 'None yet.')]
  return Promise.all(cameras.map((camera) => examineCamera(clock, camera)))
}

async function examineCamera(clock: Clock, { name, enabled, source }: CameraAtAGlance): Promise<Finding> {
  if (!enabled) return fact(name, 'Switched off.')
  const { data } = anySource.safeParse(source)
  const url = data?.url === undefined ? null : URL.parse(data.url)
  const port = url && Number(url.port || PORTS[url.protocol])
  if (url && port) return examineAddress(clock, name, url.hostname.replace(/^\[|\]$/g, ''), port)
  if (data?.path !== undefined) {
    const found = await stat(data.path).catch(() => null)
    return found ? good(name, `${data.path} is there.`) : problem(name, `${data.path} is not there.`)
  }
  return fact(name, `Comes by way of ${data?.kind ?? 'something unknown'}: nothing to reach.`)
}

async function examineAddress(clock: Clock, name: string, host: string, port: number): Promise<Finding> {
  try {
    await reach(clock, host, port)
    return good(name, `${host}:${port} answers.`)
  } catch (error) {
    const fix = 'Is it switched on, in this network, and does it still have this address?'
    return warning(name, `${host}:${port} does not answer: ${messageOf(error)}`, fix)
  }
}

/** Resolves once something accepts a connection there. */
export function reach(clock: Clock, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port })
    const end = (done: () => void): void => {
      cancel()
      socket.destroy()
      done()
    }
    const cancel = clock.after(PATIENCE_MS, () => end(() => reject(new Error('no answer within 3 seconds'))))
    socket.once('connect', () => end(resolve))
    socket.once('error', (error) => end(() => reject(error)))
  })
}
