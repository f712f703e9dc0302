import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { webCall, type WebCaller } from '../../appliance/src/core/web-call.ts'
import { makeTestCertificates } from './certificates.ts'

export interface ApiRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: string
}

export interface ApiReply {
  status: number
  body: object | string
  headers?: Record<string, string>
}

/** Somebody's API on loopback, over HTTPS. */
export interface FakeApi {
  readonly origin: string
  readonly rootFile: string
  readonly requests: ApiRequest[]
  /** A caller that leads `instead` (an origin on the internet) here, and refuses everything else. */
  callerFor(instead: string): WebCaller
  stop(): Promise<void>
}

export async function startFakeApi(answer: (request: ApiRequest) => ApiReply): Promise<FakeApi> {
  const certificates = makeTestCertificates()
  const requests: ApiRequest[] = []
  const server = createServer({ key: certificates.keyPem, cert: certificates.certPem }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'https://x')
      const body = Buffer.concat(chunks).toString()
      const asked = {
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        headers: request.headers,
        body,
      }
      requests.push(asked)
      const reply = answer(asked)
      response.writeHead(reply.status, { connection: 'close', ...reply.headers })
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  const agent = new Agent({ ca: readFileSync(certificates.rootFile) })
  return {
    ...{ origin, requests, rootFile: certificates.rootFile },
    callerFor: (instead) => async (call) => {
      if (!call.url.startsWith(`${instead}/`)) throw new Error(`nobody is to call ${call.url}`)
      const url = call.url.replace(instead, origin)
      return webCall({ timeoutMs: 10_000, ...call, url, agent, clock: systemClock })
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      certificates.remove()
    },
  }
}

interface CloudflareRecord {
  id: string
  type: string
  name: string
  content: string
  ttl: number
}

/** Cloudflare's API v4, as far as TXT records go: https://developers.cloudflare.com/api/resources/dns/subresources/records */
export async function startFakeCloudflare(token: string, zones: Record<string, string>) {
  const records: CloudflareRecord[] = []
  const good = (result: unknown): ApiReply => ({
    status: 200,
    body: { success: true, errors: [], messages: [], result },
  })
  const bad = (status: number, code: number, message: string): ApiReply => ({
    ...{ status, body: { success: false, errors: [{ code, message }], messages: [], result: null } },
  })

  function add(zone: string, body: string): ApiReply {
    const { type, name, content, ttl } = JSON.parse(body) as CloudflareRecord
    if (type !== 'TXT' || (ttl !== 1 && (ttl < 60 || ttl > 86_400))) return bad(400, 9_020, 'Invalid record.')
    if (!/^".*"$/.test(content)) return bad(400, 9_021, 'TXT content must be quoted.')
    if (!name.endsWith(`.${zone}`)) return bad(400, 9_022, 'Name is not in this zone.')
    if (records.some((each) => each.name === name && each.content === content))
      return bad(400, 81_058, 'An identical record already exists.')
    const record = { id: randomUUID().replaceAll('-', ''), type, name, content, ttl }
    records.push(record)
    return good(record)
  }

  const api = await startFakeApi(({ method, path, query, headers, body }) => {
    if (headers.authorization !== `Bearer ${token}`) return bad(403, 9_109, 'Invalid access token')
    if (method !== 'GET' && method !== 'DELETE' && headers['content-type'] !== 'application/json')
      return bad(415, 1, 'JSON only')
    const [, id = '', record] = /^\/client\/v4\/zones\/([^/]+)\/dns_records(?:\/(.+))?$/.exec(path) ?? []
    if (path === '/client/v4/zones' && method === 'GET')
      return good(
        Object.entries(zones)
          .filter(([name]) => name === query.get('name'))
          .map(([name, zoneId]) => ({ id: zoneId, name })),
      )
    const zone = Object.keys(zones).find((name) => zones[name] === id)
    if (zone === undefined) return bad(404, 7_003, 'Could not route to the zone')
    if (method === 'POST' && record === undefined) return add(zone, body)
    if (method === 'GET' && record === undefined)
      return good(records.filter(({ type, name }) => type === query.get('type') && name === query.get('name')))
    const index = records.findIndex((each) => each.id === record)
    if (method !== 'DELETE' || index < 0) return bad(404, 81_044, 'Record does not exist.')
    return good({ id: records.splice(index, 1)[0]?.id })
  })
  return { ...api, records }
}

/** DuckDNS's update call: https://www.duckdns.org/spec.jsp (txt, clear). One text for each name. */
export async function startFakeDuckDns(token: string, names: readonly string[]) {
  const texts = new Map<string, string>()
  const api = await startFakeApi(({ method, path, query }) => {
    const domain = query.get('domains') ?? ''
    const isRight = method === 'GET' && path === '/update' && query.get('token') === token && names.includes(domain)
    if (!isRight || query.get('txt') === null) return { status: 200, body: 'KO' }
    if (query.get('clear') === 'true') texts.delete(domain)
    else texts.set(domain, query.get('txt') ?? '')
    return { status: 200, body: 'OK' }
  })
  return { ...api, texts }
}
