import type { Clock } from '../../core/clock.ts'
import { openDevice } from '../onvif/device.ts'
import type { OwnNetworks } from '../onvif/own-networks.ts'
import { converse, knock, type Knock } from './knock.ts'
import { plainLine } from './ws-discovery.ts'

/** Where cameras listen. */
export interface CameraPorts {
  rtsp: readonly number[]
  /** Web pages, pictures, ONVIF. */
  web: readonly number[]
}

export const CAMERA_PORTS: CameraPorts = { rtsp: [554, 8554], web: [80, 2020, 8000, 8080, 8899] }

/** What the ports of one address say. */
export interface Recognised {
  onvif: string | null
  rtspPort: number | null
  httpPort: number | null
  name: string
}

export interface RecogniseDeps {
  networks: OwnNetworks
  clock: Clock
  signal: AbortSignal
  ports: CameraPorts
}

const KNOCK_MS = 700
const ANSWER_MS = 2_000

/** Looks who is at an address: null when it is no camera. Never rejects. */
export async function recognise(host: string, deps: RecogniseDeps): Promise<Recognised | null> {
  const { rtsp, web } = deps.ports
  const early = await knockAll(host, [...rtsp.slice(0, 1), ...web.slice(0, 2)], deps)
  // Most addresses are nobody's: three ports tell, the others are asked only where somebody is.
  if ([...early.values()].every((answer) => answer === 'silent')) return null
  const answers = new Map([...early, ...(await knockAll(host, [...rtsp.slice(1), ...web.slice(2)], deps))])
  const isOpen = (port: number): boolean => answers.get(port) === 'open'
  const rtspPort = await firstThat(rtsp.filter(isOpen), (port) => speaksRtsp(host, port, deps))
  const webPorts = web.filter(isOpen)
  const onvif = await firstOnvif(host, webPorts, deps)
  if (onvif !== null) return { onvif, rtspPort, httpPort: portOf(onvif), name: '' }
  const page = rtspPort === null || webPorts.length > 0 ? await firstPage(host, webPorts, deps) : null
  if (rtspPort === null && page?.isCamera !== true) return null
  return { onvif: null, rtspPort, httpPort: page?.port ?? null, name: page?.name ?? '' }
}

async function knockAll(host: string, ports: readonly number[], deps: RecogniseDeps): Promise<Map<number, Knock>> {
  const options = { clock: deps.clock, timeoutMs: KNOCK_MS, signal: deps.signal }
  const answers = await Promise.all(ports.map((port) => knock(host, port, options)))
  return new Map(ports.map((port, index) => [port, answers[index] ?? 'silent']))
}

async function firstThat(ports: readonly number[], isIt: (port: number) => Promise<boolean>): Promise<number | null> {
  for (const port of ports) if (await isIt(port)) return port
  return null
}

async function speaksRtsp(host: string, port: number, { clock, signal }: RecogniseDeps): Promise<boolean> {
  const words = `OPTIONS rtsp://${host}:${port}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Lares\r\n\r\n`
  const answer = await converse(host, port, words, { clock, timeoutMs: ANSWER_MS, signal })
  return answer !== null && /^RTSP\/1\.0 \d{3}/.test(answer)
}

async function firstOnvif(host: string, ports: readonly number[], deps: RecogniseDeps): Promise<string | null> {
  if (ports.length === 0) return null
  const candidates = ports.map((port) => `http://${host}${port === 80 ? '' : `:${port}`}/onvif/device_service`)
  try {
    const device = await openDevice({ host, candidates }, { ...deps, credentials: null })
    device.call.close()
    return device.address
  } catch {
    return null
  }
}

interface Page {
  port: number
  isCamera: boolean
  name: string
}

/** Words in the head or title of cameras' own pages; routers and televisions have others. */
const CAMERA_WORDS =
  /ip[ _-]?cam|net[ _-]?cam|webcam|network camera|ipcamera|hikvision|dahua|dvrdvs|reolink|foscam|amcrest|axis|mobotix|vivotek|hanwha|wisenet|uniview|mjpe?g|camera|esp32-?cam|octoprint|dnvrs/i

async function firstPage(host: string, ports: readonly number[], deps: RecogniseDeps): Promise<Page | null> {
  for (const port of ports) {
    const words = `GET / HTTP/1.0\r\nHost: ${host}\r\nUser-Agent: Lares\r\n\r\n`
    const answer = await converse(host, port, words, { clock: deps.clock, timeoutMs: ANSWER_MS, signal: deps.signal })
    if (answer === null || !/^HTTP\/1\.[01] \d{3}/.test(answer)) continue
    const told = [/^server:\s*(.+)$/im, /realm="([^"]{1,64})"/i, /<title>([^<]{1,64})/i]
      .map((pattern) => plainLine(pattern.exec(answer)?.[1] ?? ''))
      .filter((text) => text !== '')
    const telling = told.find((text) => CAMERA_WORDS.test(text))
    if (telling !== undefined) return { port, isCamera: true, name: telling }
  }
  return null
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
