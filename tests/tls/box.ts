import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { TlsBoot } from '../../appliance/src/api/certificates.ts'
import type { AuditEvent } from '../../appliance/src/audit/types.ts'
import type { NoticeBoard } from '../../appliance/src/core/notices.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import type { SecureDoor } from '../../appliance/src/http/index.ts'
import { createTls, type OwnNetwork, type Tls } from '../../appliance/src/tls/index.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { NO_TLS } from '../fakes/tls-serving.ts'

/** A box with a home network that the test owns. */
export interface Box {
  dataDir: string
  clock: FakeClock
  network: { hostname: string; addresses: Record<string, string[]> }
  notices: Map<string, Parameters<NoticeBoard['raise']>[0]>
  rootFile: string
  leafFile: string
  /** Lets minutes pass, one after the other; the watch finishes its real work on files in each. */
  minutes(count: number): Promise<void>
  /** A new start on the same folder. */
  boot(changes?: { host?: string; tls?: Partial<TlsBoot> }): Tls
  /** What went into the record. */
  audited: AuditEvent[]
  remove(): void
}

/** One for all boxes of a file: what is here keeps nothing in it but client certificates. */
let shared: Promise<TestDatabase> | null = null
after(async () => (await shared)?.close())

export async function makeBox(startMs = Date.now()): Promise<Box> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lares-tls-'))
  const clock = createFakeClock(startMs)
  const database = await (shared ??= openTestDatabase())
  const audited: AuditEvent[] = []
  const network = { hostname: 'pi', addresses: { eth0: ['192.168.1.20'] } as Record<string, string[]> }
  const notices: Box['notices'] = new Map()
  const own: OwnNetwork = {
    hostname: () => network.hostname,
    interfaces: () =>
      Object.fromEntries(
        Object.entries(network.addresses).map(([name, addresses]) => [
          name,
          addresses.map((address) => ({
            address,
            family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
            internal: name === 'lo',
          })),
        ]),
      ),
  }
  return {
    ...{ dataDir, clock, network, notices, audited },
    rootFile: join(dataDir, 'tls', 'root.pem'),
    leafFile: join(dataDir, 'tls', 'leaf.pem'),
    boot: (changes = {}) =>
      createTls({
        ...{
          dataDir,
          clock,
          name: 'lares',
          host: changes.host ?? '0.0.0.0',
          log: silentLog(),
          settings: createFakeSettings(),
        },
        notices: { raise: (notice) => void notices.set(notice.id, notice), clear: (id) => void notices.delete(id) },
        ports: () => ({ httpsPort: 8443, httpPort: 8080 }),
        network: own,
        database,
        audit: { note: (event) => void audited.push(event), record: async (_trx, event) => void audited.push(event) },
        boot: { ...NO_TLS, ...changes.tls },
        lookUp: async () => [],
      }),
    async minutes(count) {
      for (let passed = 0; passed < count; passed++) {
        await watchWaits(clock)
        await clock.advance(60_000)
        await watchWaits(clock)
      }
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

async function watchWaits(clock: FakeClock): Promise<void> {
  for (let turns = 0; clock.pending().length === 0; turns++) {
    if (turns > 2_000) throw new Error('the watch never came to rest')
    await pause(1)
  }
}

/** What `openssl verify` says of the chain in `tls`: `OK` or its error text. */
export function opensslVerify(rootPem: string, leafPem: string, ...options: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lares-verify-'))
  writeFileSync(join(folder, 'root.pem'), rootPem)
  writeFileSync(join(folder, 'leaf.pem'), leafPem)
  const result = spawnSync(
    'openssl',
    ['verify', '-x509_strict', '-CAfile', 'root.pem', '-purpose', 'sslserver', ...options, 'leaf.pem'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  )
  rmSync(folder, { recursive: true, force: true })
  return result.status === 0 ? 'OK' : result.stderr + result.stdout
}

export const opensslText = (pem: string): string =>
  execFileSync('openssl', ['x509', '-noout', '-text'], { input: pem, encoding: 'utf8' })
/** The door of a box that has HTTPS. */
export function doorOf({ door }: Tls): SecureDoor {
  if (door) return door
  throw new Error('this box has no HTTPS')
}

export const read = (file: string): string => readFileSync(file, 'utf8')
