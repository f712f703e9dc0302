import { z } from 'zod'
import type { WebCaller } from '../../../core/web-call.ts'
import { retryAfterMs } from '../problems.ts'
import { ask, providerError } from './replies.ts'
import type { DnsProvider } from './types.ts'

const API = 'https://api.cloudflare.com/client/v4'
const WHO = 'Cloudflare'
const TTL_S = 60
/** "An identical record already exists": what was wanted is there. */
const IDENTICAL = 81_058

const reply = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown().optional(),
})
type Reply = z.infer<typeof reply>
const zones = z.array(z.object({ id: z.string(), name: z.string() }))
const records = z.array(z.object({ id: z.string(), content: z.string() }))

interface Request {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  body?: object
  signal: AbortSignal
}

const isIn = (content: string, value: string): boolean => content === value || content === `"${value}"`

/** `a.b.c.d` → itself, `b.c.d`, `c.d`: the zone is the longest of these that exists. */
function possibleZones(fqdn: string): string[] {
  const labels = fqdn.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}

/** Cloudflare's API v4 with a token that may read zones and edit records. */
export function createCloudflare(call: WebCaller, token: string): DnsProvider {
  async function request({ method, path, body, signal }: Request): Promise<Reply> {
    const answer = await ask(WHO, call, {
      ...{ url: API + path, method, signal },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: Buffer.from(JSON.stringify(body)) }),
    })
    const retryAfter = retryAfterMs(answer.headers['retry-after'], 0)
    const parsed = reply.safeParse(parseOrNull(answer.body))
    if (!parsed.success)
      throw providerError(WHO, `answered ${answer.status}`, retryAfter === null ? undefined : retryAfter / 1_000)
    const { success, errors } = parsed.data
    if (success || errors.some(({ code }) => code === IDENTICAL)) return parsed.data
    const why = errors.map(({ message }) => message).join('; ') || `answered ${answer.status}`
    const hint =
      answer.status === 401 || answer.status === 403 ? ' (is the token right, with Zone:Read and DNS:Edit?)' : ''
    throw providerError(WHO, why.slice(0, 200) + hint, retryAfter === null ? undefined : retryAfter / 1_000)
  }

  async function zoneOf(fqdn: string, signal: AbortSignal): Promise<string> {
    for (const name of possibleZones(fqdn)) {
      const { result } = await request({ method: 'GET', path: `/zones?name=${encodeURIComponent(name)}`, signal })
      const found = zones.parse(result).find((zone) => zone.name === name)
      if (found) return found.id
    }
    throw providerError(WHO, `no zone of this token holds ${fqdn}`)
  }

  return {
    name: WHO,
    async set(fqdn, value, signal) {
      const zone = await zoneOf(fqdn, signal)
      const body = { type: 'TXT', name: fqdn, content: `"${value}"`, ttl: TTL_S, comment: 'Lares, for a certificate' }
      await request({ method: 'POST', path: `/zones/${zone}/dns_records`, body, signal })
    },
    async remove(fqdn, value, signal) {
      const zone = await zoneOf(fqdn, signal)
      const query = `type=TXT&name=${encodeURIComponent(fqdn)}&per_page=100`
      const { result } = await request({ method: 'GET', path: `/zones/${zone}/dns_records?${query}`, signal })
      const own = records.parse(result).filter(({ content }) => isIn(content, value))
      for (const { id } of own) await request({ method: 'DELETE', path: `/zones/${zone}/dns_records/${id}`, signal })
    },
  }
}

function parseOrNull(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
