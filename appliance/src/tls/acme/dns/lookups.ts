import { promises as dns } from 'node:dns'
import { isIP } from 'node:net'
import { systemCodeOf } from '../../../core/errors.ts'

/** What is asked of the name system. Nothing there: an empty list. Throws only when nobody answers. */
export interface DnsLookups {
  /** As every program of this home sees it, router and all. */
  addresses(name: string): Promise<string[]>
  /** Where an alias leads, or null. */
  alias(name: string): Promise<string | null>
  /** The servers that decide about a name, asked past the router; null when they cannot be found or asked. */
  authoritative(name: string): Promise<AuthoritativeLookups | null>
}

export interface AuthoritativeLookups {
  addresses(name: string): Promise<string[]>
  /** True when every server that answers shows this text. */
  showsText(name: string, value: string): Promise<boolean>
}

export interface LookupOptions {
  /** Instead of those of the operating system: `127.0.0.1:5353`. */
  servers?: readonly string[]
  /** Port of the servers that decide. */
  authoritativePort?: number
}

const PATIENCE = { timeout: 3_000, tries: 2 } as const
const NOTHING: readonly string[] = ['ENOTFOUND', 'ENODATA', 'NXDOMAIN']
const MOST_SERVERS = 6

function newResolver(servers?: readonly string[]): dns.Resolver {
  const resolver = new dns.Resolver(PATIENCE)
  if (servers) resolver.setServers([...servers])
  return resolver
}

async function orNothing<T>(question: Promise<T[]>): Promise<T[]> {
  try {
    return await question
  } catch (error) {
    if (NOTHING.includes(systemCodeOf(error) ?? '')) return []
    throw error
  }
}

/** IPv4 and IPv6. Throws when neither question was answered. */
async function addressesOf(resolver: dns.Resolver, name: string): Promise<string[]> {
  const answers = await Promise.allSettled([orNothing(resolver.resolve4(name)), orNothing(resolver.resolve6(name))])
  const failed = answers.find((answer) => answer.status === 'rejected')
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (failed && found.length === 0) throw failed.reason
  return found
}

/** Up the labels until somebody decides: the addresses of the zone's servers. */
async function serversOf(resolver: dns.Resolver, name: string, port: number): Promise<string[]> {
  const labels = name.split('.')
  for (let first = 0; first < labels.length - 1; first++) {
    const hosts = await orNothing(resolver.resolveNs(labels.slice(first).join('.')))
    if (hosts.length === 0) continue
    const found = await Promise.allSettled(hosts.map((host) => addressesOf(resolver, host)))
    const addresses = found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    return addresses
      .slice(0, MOST_SERVERS)
      .map((address) => (isIP(address) === 6 ? `[${address}]` : address) + `:${port}`)
  }
  return []
}

async function textsAt(server: string, name: string): Promise<string[] | null> {
  try {
    const records = await orNothing(newResolver([server]).resolveTxt(name))
    return records.map((parts) => parts.join(''))
  } catch {
    // Some of a zone's servers may not be reachable from this home, those over IPv6 for example.
    return null
  }
}

export function createDnsLookups({ servers, authoritativePort = 53 }: LookupOptions = {}): DnsLookups {
  return {
    addresses: (name) => addressesOf(newResolver(servers), name),
    async alias(name) {
      const [target] = await orNothing(newResolver(servers).resolveCname(name))
      return target ?? null
    },
    async authoritative(name) {
      const deciding = await serversOf(newResolver(servers), name, authoritativePort).catch(() => [])
      if (deciding.length === 0) return null
      return {
        addresses: (asked) => addressesOf(newResolver(deciding), asked),
        async showsText(asked, value) {
          const answers = await Promise.all(deciding.map((server) => textsAt(server, asked)))
          const given = answers.filter((texts) => texts !== null)
          return given.length > 0 && given.every((texts) => texts.includes(value))
        },
      }
    },
  }
}
