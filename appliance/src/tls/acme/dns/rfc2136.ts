import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LaresError } from '../../../core/errors.ts'
import { runToEnd } from '../../../core/subprocess.ts'
import type { DnsConfig } from '../config.ts'
import { providerError } from './replies.ts'
import type { DnsProvider, DnsProviderDeps } from './types.ts'

const WHO = 'The name server'
const TTL_S = 30
const PATIENCE_S = 20
const USUAL_PORT = '53'

/** What reaches nsupdate's language; everything else would be another command. */
const NAME = /^[A-Za-z0-9_*.-]{1,253}$/
const VALUE = /^[A-Za-z0-9_=-]{1,255}$/
const SECRET = /^[A-Za-z0-9+/=_-]+$/

function split(server: string): { host: string; port: string } {
  const [, bracketed, plain, port = USUAL_PORT] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(server) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw providerError(WHO, `${server} is no address of a server`)
  return { host, port }
}

/** The lines for nsupdate. Throws for anything that would be more than a name and a value. */
export function updateScript(
  { server, zone }: Pick<DnsConfig['rfc2136'], 'server' | 'zone'>,
  action: 'add' | 'delete',
  fqdn: string,
  value: string,
): string {
  if (!NAME.test(fqdn) || !VALUE.test(value) || (zone !== '' && !NAME.test(zone)))
    throw providerError(WHO, `${fqdn} cannot be written as a record`)
  const { host, port } = split(server)
  const record = action === 'add' ? `add ${fqdn}. ${TTL_S} IN TXT "${value}"` : `delete ${fqdn}. IN TXT "${value}"`
  const lines = [`server ${host} ${port}`, ...(zone === '' ? [] : [`zone ${zone}`]), `update ${record}`, 'send', '']
  return lines.join('\n')
}

/** As named and nsupdate write keys down. */
export function keyFile({ keyName, algorithm, secret }: DnsConfig['rfc2136']): string {
  if (!NAME.test(keyName) || !SECRET.test(secret)) throw providerError(WHO, 'the TSIG key is not written correctly')
  return `key "${keyName}" {\n  algorithm ${algorithm};\n  secret "${secret}";\n};\n`
}

const withoutProgram = (): LaresError =>
  new LaresError(
    'unavailable',
    'The program nsupdate is not installed on this box (Debian: apt install bind9-dnsutils).',
    {
      code: 'PROGRAM_MISSING',
    },
  )

/** Dynamic updates (RFC 2136) signed with TSIG, by nsupdate: BIND, Knot, PowerDNS, Windows and many hosters take them. */
export function createRfc2136(deps: DnsProviderDeps, config: DnsConfig['rfc2136'], program = 'nsupdate'): DnsProvider {
  const { dataDir, clock, log } = deps

  async function update(action: 'add' | 'delete', fqdn: string, value: string, signal: AbortSignal): Promise<void> {
    const script = updateScript(config, action, fqdn, value)
    const parent = join(dataDir, 'tls', 'acme')
    await mkdir(parent, { recursive: true, mode: 0o700 })
    // For the owner of the process alone, and gone right after: the key stands in there.
    const folder = await mkdtemp(join(parent, 'nsupdate-'))
    try {
      const [scriptFile, secretFile] = [join(folder, 'script'), join(folder, 'key')]
      await writeFile(scriptFile, script, { mode: 0o600 })
      const signed = config.keyName !== ''
      if (signed) await writeFile(secretFile, keyFile(config), { mode: 0o600 })
      const args = ['-t', String(PATIENCE_S), ...(signed ? ['-k', secretFile] : []), scriptFile]
      await run(args, signal)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async function run(args: string[], signal: AbortSignal): Promise<void> {
    const timeoutMs = (PATIENCE_S + 10) * 1_000
    const options = { name: 'nsupdate', command: program, args, log, clock, timeoutMs, signal }
    const { code, lastLines } = await runToEnd(options).catch((error: unknown) => {
      if (error instanceof LaresError && error.code === 'PROGRAM_MISSING') throw withoutProgram()
      throw error
    })
    if (code === 0) return
    throw providerError(WHO, `refused the change (${lastLines.slice(-2).join('; ').slice(0, 200) || `code ${code}`})`)
  }

  return {
    name: 'RFC 2136',
    set: (fqdn, value, signal) => update('add', fqdn, value, signal),
    remove: (fqdn, value, signal) => update('delete', fqdn, value, signal),
  }
}
