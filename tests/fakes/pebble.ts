import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promises as dns } from 'node:dns'
import { setTimeout as pause } from 'node:timers/promises'
import { makeTestCertificates } from './certificates.ts'

const PATIENCE_MS = 60_000

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function until(what: string, child: ChildProcess, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS
  while (!(await isSo().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`${what} ended with ${child.exitCode}`)
    if (performance.now() > giveUpAt) throw new Error(`${what} never answered`)
    await pause(50)
  }
}

function run(command: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  const path = `${process.env.PATH}:/usr/sbin:/usr/bin`
  return spawn(command, args, { stdio: 'ignore', env: { ...process.env, PATH: path, ...env } })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

export interface NameServer {
  readonly port: number
  /** As a resolver is told: address and port. */
  readonly address: string
  readonly keyName: string
  readonly secret: string
  texts(name: string): Promise<string[]>
  stop(): Promise<void>
}

const zoneFile = (zone: string, records: string): string => `$TTL 0
${zone}. IN SOA ns.${zone}. root.${zone}. 1 3600 600 86400 0
${zone}. IN NS ns.${zone}.
ns.${zone}. IN A 127.0.0.1
${records}
`

/** Debian's BIND on loopback, for zones that take changes signed with its key. Records in a zone file's own words. */
export async function startNameServer(zones: Record<string, string>): Promise<NameServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lares-named-'))
  const port = await freePort()
  const [keyName, secret] = ['lares', Buffer.from('thirty-two bytes of a TSIG key !').toString('base64')]
  const parts = Object.entries(zones).map(([zone, records]) => {
    writeFileSync(join(folder, zone), zoneFile(zone, records))
    return `zone "${zone}" { type primary; file "${join(folder, zone)}"; allow-update { key "${keyName}"; }; };`
  })
  const config = `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  pid-file none; session-keyfile none; recursion no; dnssec-validation no; allow-transfer { none; }; managed-keys-directory "${folder}"; };
controls { };
key "${keyName}" { algorithm hmac-sha256; secret "${secret}"; };
${parts.join('\n')}
`
  writeFileSync(join(folder, 'named.conf'), config)
  const child = run('named', ['-f', '-n', '1', '-c', join(folder, 'named.conf')])
  const address = `127.0.0.1:${port}`
  const resolver = new dns.Resolver({ timeout: 2_000, tries: 1 })
  resolver.setServers([address])
  const [first = ''] = Object.keys(zones)
  await until('named', child, async () => (await resolver.resolveSoa(first)).serial >= 1)
  return {
    ...{ port, address, keyName, secret },
    async texts(name) {
      const records = await resolver.resolveTxt(name).catch(() => [])
      return records.map((text) => text.join('')).sort()
    },
    async stop() {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Pebble {
  readonly directoryUrl: string
  /** Root of its own HTTPS, not of what it issues. */
  readonly rootFile: string
  stop(): Promise<void>
}

export interface PebbleOptions {
  /** Where it looks names up: `127.0.0.1:5353`. */
  nameServer: string
  /** Port at which it asks for HTTP-01. */
  httpPort: number
  lifeS: number
  /** Percent of nonces that it refuses. */
  nonceRefusals?: number
}

/** Let's Encrypt's own test authority, from Debian. */
export async function startPebble({ nameServer, httpPort, lifeS, nonceRefusals = 0 }: PebbleOptions): Promise<Pebble> {
  const certificates = makeTestCertificates()
  const folder = mkdtempSync(join(tmpdir(), 'lares-pebble-'))
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('cert.pem'), certificates.certPem)
  writeFileSync(at('key.pem'), certificates.keyPem)
  const [port, managementPort, tlsPort] = [await freePort(), await freePort(), await freePort()]
  const pebble = {
    ...{ listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${managementPort}` },
    ...{ certificate: at('cert.pem'), privateKey: at('key.pem'), httpPort, tlsPort, ocspResponderURL: '' },
    ...{ externalAccountBindingRequired: false, certificateValidityPeriod: lifeS },
  }
  writeFileSync(at('config.json'), JSON.stringify({ pebble }))
  const env = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: String(nonceRefusals), PEBBLE_AUTHZREUSE: '0' }
  const child = run('pebble', ['-config', at('config.json'), '-dnsserver', nameServer], env)
  const directoryUrl = `https://localhost:${port}/dir`
  const agent = new Agent({ ca: readFileSync(certificates.rootFile) })
  const answers = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      request(directoryUrl, { agent }, (reply) => resolve(reply.resume().statusCode === 200))
        .on('error', reject)
        .end()
    })
  await until('pebble', child, answers)
  return {
    ...{ directoryUrl, rootFile: certificates.rootFile },
    async stop() {
      await end(child)
      rmSync(folder, { recursive: true, force: true })
      certificates.remove()
    },
  }
}
