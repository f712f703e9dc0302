// One card, one simulated box, one simulated plug beside it, and the household's app.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Box, type Boot } from '../../firmware-image/boot-simulator/box.ts'
import { startOddPlug, type OddPlug } from '../fakes/plugs.ts'
import { alwaysAt, createHttpsClient, type HttpsClient } from '../harness/https-client.ts'
import { totpCode, type SetUpHome } from '../harness/setup.ts'

export interface LabOptions {
  image: string
  /** Card, logs and results. */
  folder: string
  /** The longest wait for a page after power came. */
  bootLimitS: number
  idleMinutes: number
  /** Key and certificate that bundles are signed with; null where this machine has none. */
  signing: { key: string; cert: string; keyring: string } | null
}

/** What the household knows, kept so that single scenarios can be run anew. */
export interface Household {
  rootPem?: string
  home?: SetUpHome
  plugId?: string
  /** The name that the plug was given last and that the box acknowledged. */
  plugName?: string
  /** Switchings of the plug that the box acknowledged. */
  switched?: number
}

export const BOX_NAME = 'lares.local'
export const PLUG_ADDRESS = '10.0.2.100'
export const CARD_BYTES = 4 * 1024 ** 3
/** Ports of the box that the scan of `closed` tries from outside, besides 80 and 443. */
export const SCANNED_PORTS = [21, 22, 23, 53, 111, 139, 445, 631, 1883, 3000, 5355, 8080, 8443, 9100] as const

/** What is not as usual about a box. */
export interface Equipment {
  disks?: readonly string[]
  sticks?: readonly string[]
  /** More for the kernel's command line, instead of `FOR_TESTS`. */
  append?: string
  untouched?: boolean
  card?: string
}

export interface Lab {
  readonly options: LabOptions
  readonly card: string
  readonly plug: OddPlug
  readonly household: Household
  readonly httpsPort: number
  readonly httpPort: number
  readonly scanned: readonly { guestPort: number; hostPort: number }[]
  /** The box with this card; made anew after `replaceBox`. */
  readonly box: Box
  /** Every boot of this run, of boxes that were discarded too. */
  readonly boots: readonly Boot[]
  readonly figures: Record<string, number>
  /** A fresh copy of the image on a card of 4 GB, and nobody's household. */
  insertFreshCard(): void
  /** Another box, off, with the same card: with further disks, say. */
  replaceBox(more?: Equipment): Promise<Box>
  /** Powers on when it is off, and waits for HTTPS. */
  bootToHttps(): Promise<Boot>
  /** Signed in, over verified TLS. */
  signIn(): Promise<HttpsClient>
  /** The second factor once more, for what needs it fresh. */
  confirmAgain(client: HttpsClient): Promise<void>
  /** Verified TLS, nobody signed in. */
  client(): HttpsClient
  /** A page over plain HTTP, as a phone that trusts nothing yet reads it. */
  fetchPlain(path: string, host?: string): Promise<{ status: number; body: string }>
  saveHousehold(): void
  close(): Promise<void>
}

/** An emulated processor on a busy machine needs a minute for what a board does in a second. */
const AT_THIS_MACHINE = { address: '127.0.0.1', timeoutMs: 120_000 }

/**
 * systemd tells the serial line what it starts: the marks of the simulator, and whoever looks for a fault, read that. Its
 * watchdog has more patience: an emulator that waits for its turn on a busy machine is not a box that hangs.
 */
export const FOR_TESTS = 'systemd.show_status=1 systemd.watchdog_sec=180'

const relay = fileURLToPath(new URL('relay.ts', import.meta.url))

export async function openLab(options: LabOptions): Promise<Lab> {
  mkdirSync(options.folder, { recursive: true })
  const card = join(options.folder, 'card.img')
  const householdFile = join(options.folder, 'household.json')
  const plug = await startOddPlug({ alias: 'Lamp' })
  const [httpsPort, httpPort, ...scanPorts] = await freePorts(SCANNED_PORTS.length + 2)
  const scanned = SCANNED_PORTS.map((guestPort, index) => ({ guestPort, hostPort: scanPorts[index] as number }))
  const household: Household = existsSync(householdFile)
    ? (JSON.parse(readFileSync(householdFile, 'utf8')) as Household)
    : {}
  const boots: Boot[] = []
  const makeBox = (more: Equipment): Box =>
    new Box({
      hardware: {
        card: more.card ?? card,
        forwards: [{ guestPort: 443, hostPort: httpsPort }, { guestPort: 80, hostPort: httpPort }, ...scanned],
        neighbours: [{ address: PLUG_ADDRESS, port: 9999, command: [process.execPath, relay, String(plug.port)] }],
        ...{ disks: more.disks ?? [], sticks: more.sticks ?? [] },
        memoryMb: 1024,
      },
      httpsPort,
      logFile: join(options.folder, 'console.log'),
      ...(more.untouched !== undefined && { untouched: more.untouched }),
      append: more.append ?? FOR_TESTS,
    })
  let box = makeBox({})
  const clients: HttpsClient[] = []
  const origin = `https://${BOX_NAME}:${httpsPort}`
  const lab: Lab = {
    ...{ options, card, plug, household, httpsPort, httpPort, scanned, figures: {} },
    get box() {
      return box
    },
    get boots() {
      return [...boots, ...box.boots]
    },
    insertFreshCard() {
      rmSync(card, { force: true })
      execFileSync('cp', ['--sparse=always', options.image, card])
      truncateSync(card, CARD_BYTES)
      for (const key of Object.keys(household)) delete household[key as keyof Household]
    },
    async replaceBox(more = {}) {
      await box.discard()
      boots.push(...box.boots)
      box = makeBox(more)
      return box
    },
    bootToHttps() {
      if (!box.isOn) box.powerOn()
      return box.waitForHttps(options.bootLimitS)
    },
    client() {
      const client = createHttpsClient(origin, household.rootPem ?? '', undefined, AT_THIS_MACHINE)
      clients.push(client)
      return client
    },
    async confirmAgain(client) {
      if (!household.home) throw new Error('Nobody has set this home up.')
      await client.must('POST', '/api/session/sudo', { code: await freshCode(household.home) })
    },
    async signIn() {
      if (!household.home) throw new Error('Nobody has set this home up.')
      const { username, password } = household.home
      const client = lab.client()
      await client.must('POST', '/api/session', { username, password, code: await freshCode(household.home) })
      return client
    },
    fetchPlain: (path, host) => fetchPlain(httpPort, path, host),
    saveHousehold: () => writeFileSync(householdFile, JSON.stringify(household, null, 1)),
    async close() {
      for (const client of clients) client.close()
      await box.discard()
      await plug.stop()
    },
  }
  return lab
}

const CODE_LIVES_MS = 30_000
let codeFromMs: number | null = null

/** A code of the authenticator counts once: waits for the next one where this one was, or may have been, used. */
async function freshCode({ totpSecret }: SetUpHome): Promise<string> {
  codeFromMs ??= Date.now()
  const nextMs = (Math.floor(codeFromMs / CODE_LIVES_MS) + 1) * CODE_LIVES_MS
  if (Date.now() < nextMs) await sleep(nextMs - Date.now() + 1_000)
  codeFromMs = Date.now()
  return totpCode(totpSecret, codeFromMs)
}

const PLAIN_LIMIT_MS = 120_000

function fetchPlain(port: number, path: string, host = BOX_NAME): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host, port, path, lookup: alwaysAt('127.0.0.1'), timeout: PLAIN_LIMIT_MS, agent: false }
    const call = get(options, (reply) => {
      let body = ''
      reply.on('data', (chunk: Buffer) => (body += chunk.toString()))
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }))
      reply.on('error', reject)
    })
    call.on('error', reject)
    call.on('timeout', () =>
      call.destroy(new Error(`GET ${path} over HTTP took longer than ${PLAIN_LIMIT_MS / 1000} s.`)),
    )
  })
}

/** All open at the same time, so that they differ. */
async function freePorts(count: number): Promise<[number, number, ...number[]]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
        ),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports as [number, number, ...number[]]
}
