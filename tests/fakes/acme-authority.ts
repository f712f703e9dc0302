import { createHash, randomBytes, type JsonWebKey } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../appliance/src/core/clock.ts'
import { createIssuer, type IssuedLeaf } from './acme-issuer.ts'
import { isBoundBy, keyOf, readJws, thumbprint, type ReadJws } from './acme-jws.ts'
import { makeTestCertificates } from './certificates.ts'

const DAY_MS = 86_400_000

export interface ProofAsked {
  type: 'http-01' | 'dns-01'
  name: string
  token: string
  /** What HTTP-01 must answer. */
  keyAuthorization: string
  /** What DNS-01 must show. */
  digest: string
}

export interface FakeOrder {
  names: string[]
  atMs: number
  profile: string | undefined
  replaces: string | undefined
  status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid'
  leaf: IssuedLeaf | null
  authorizations: string[]
  account: string
  looks: number
}

interface Authorization {
  name: string
  wildcard: boolean
  status: 'pending' | 'valid' | 'invalid'
  error?: object
  token: string
  order: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: object | string
}

export interface AuthorityOptions {
  clock: Clock
  lifeMs?: number
  profiles?: Record<string, string>
  terms?: boolean
  externalAccount?: { kid: string; hmacKey: string }
  /** RFC 9773: where the window lies, from the certificate; without it the directory has no renewalInfo. */
  window?: (leaf: IssuedLeaf) => { startMs: number; endMs: number }
}

/** A certificate authority by RFC 8555 and 9773 on loopback, strict about what it is sent and open about what it saw. */
export interface FakeAuthority {
  readonly directoryUrl: string
  readonly rootFile: string
  readonly orders: FakeOrder[]
  /** What a client did wrong; empty unless something is. */
  readonly violations: string[]
  readonly accounts: Map<string, { jwk: JsonWebKey; contact: string[] }>
  /** Signed requests as `POST /path`, in order. */
  readonly requests: string[]
  /** Looks at a proof; all are believed when it is not set. Throws or resolves to false: invalid. */
  prove: (asked: ProofAsked) => Promise<boolean>
  /** Answers instead, for a path such as `/new-order`. */
  intercept: (path: string) => Answer | undefined
  /** Share of signed requests whose nonce is refused. */
  nonceRefusals: number
  /** How often an order is seen as processing after finalize. */
  slowLooks: number
  isDown: boolean
  forgetAccounts(): void
  stop(): Promise<void>
}

const problem = (status: number, type: string, detail: string, headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: { type: `urn:ietf:params:acme:error:${type}`, detail },
})

// eslint-disable-next-line max-lines-per-function -- one authority with one memory; its answers are short functions inside
export async function startFakeAuthority(options: AuthorityOptions): Promise<FakeAuthority> {
  const { clock, lifeMs = 45 * DAY_MS, terms = true } = options
  const certificates = makeTestCertificates()
  const issuer = await createIssuer(clock.now())
  const nonces = new Set<string>()
  const orders = new Map<string, FakeOrder>()
  const authorizations = new Map<string, Authorization>()
  const leaves = new Map<string, { leaf: IssuedLeaf; replaced: boolean }>()
  const keyMarks = new Set<string>()
  const sockets = new Set<Duplex>()
  let ids = 0
  const newId = (): string => String(++ids)
  const newNonce = (): string => {
    const nonce = randomBytes(12).toString('base64url')
    nonces.add(nonce)
    return nonce
  }

  const server = createServer({ key: certificates.keyPem, cert: certificates.certPem }, (request, response) => {
    void take(request, response).catch((error: unknown) => {
      authority.violations.push(`the fake failed: ${String(error)}`)
      response.destroy()
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    if (authority.isDown) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`

  function directory(): object {
    return {
      ...{ newNonce: `${origin}/new-nonce`, newAccount: `${origin}/new-account`, newOrder: `${origin}/new-order` },
      ...{ revokeCert: `${origin}/revoke`, keyChange: `${origin}/key-change` },
      ...(options.window && { renewalInfo: `${origin}/renewal-info` }),
      meta: {
        ...(terms && { termsOfService: `${origin}/terms` }),
        ...(options.externalAccount && { externalAccountRequired: true }),
        ...(options.profiles && { profiles: options.profiles }),
      },
    }
  }

  function renewalInfo(path: string): Answer {
    const known = leaves.get(path.replace('/renewal-info/', ''))
    if (!known || !options.window) return problem(404, 'malformed', 'no such certificate')
    const { startMs, endMs } = options.window(known.leaf)
    const suggestedWindow = { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() }
    return { status: 200, headers: { 'retry-after': '43200' }, body: { suggestedWindow } }
  }

  function newAccount(jws: ReadJws): Answer {
    const { jwk, url } = jws.header
    const asked = JSON.parse(jws.payload) as Record<string, unknown>
    if (!jwk) return problem(400, 'malformed', 'no key')
    const id = thumbprint(jwk)
    const isKnown = authority.accounts.has(id)
    if (!isKnown && terms && asked.termsOfServiceAgreed !== true) return problem(403, 'userActionRequired', 'agree')
    const { externalAccount } = options
    if (
      !isKnown &&
      externalAccount &&
      !isBoundBy(asked.externalAccountBinding, url, jwk, externalAccount.kid, externalAccount.hmacKey)
    )
      return problem(401, 'externalAccountRequired', 'bind it')
    if (!isKnown) authority.accounts.set(id, { jwk, contact: (asked.contact as string[] | undefined) ?? [] })
    return {
      status: isKnown ? 200 : 201,
      headers: { location: `${origin}/account/${id}` },
      body: { status: 'valid', orders: '' },
    }
  }

  function orderBody(id: string, order: FakeOrder): object {
    return {
      status: order.status,
      expires: new Date(clock.now() + 7 * DAY_MS).toISOString(),
      identifiers: order.names.map((value) => ({ type: 'dns', value })),
      authorizations: order.authorizations.map((each) => `${origin}/authz/${each}`),
      finalize: `${origin}/finalize/${id}`,
      ...(order.status === 'valid' && { certificate: `${origin}/certificate/${id}` }),
    }
  }

  function newOrder(jws: ReadJws, account: string): Answer {
    const asked = JSON.parse(jws.payload) as { identifiers: { value: string }[]; profile?: string; replaces?: string }
    const { profile, replaces } = asked
    if (profile !== undefined && options.profiles?.[profile] === undefined)
      return problem(400, 'invalidProfile', profile)
    if (replaces !== undefined) {
      const old = leaves.get(replaces)
      if (!old || !options.window) authority.violations.push(`replaces what is not known: ${replaces}`)
      if (old?.replaced) return problem(409, 'alreadyReplaced', 'replaced already')
    }
    const id = newId()
    const names = asked.identifiers.map(({ value }) => value)
    const order: FakeOrder = {
      ...{ names, atMs: clock.now(), profile, replaces, status: 'pending', leaf: null, account, looks: 0 },
      authorizations: names.map((name) => {
        const authorization = newId()
        const wildcard = name.startsWith('*.')
        const token = randomBytes(16).toString('base64url')
        authorizations.set(authorization, {
          name: name.replace(/^\*\./, ''),
          wildcard,
          status: 'pending',
          token,
          order: id,
        })
        return authorization
      }),
    }
    orders.set(id, order)
    authority.orders.push(order)
    return { status: 201, headers: { location: `${origin}/order/${id}` }, body: orderBody(id, order) }
  }

  function authorizationBody(id: string): object {
    const { name, wildcard, status, token, error } = authorizations.get(id)!
    const types = wildcard ? ['dns-01'] : ['http-01', 'dns-01']
    const challenges = types.map((type) => ({
      type,
      url: `${origin}/challenge/${id}/${type}`,
      status,
      token,
      ...(error && { error }),
    }))
    return { identifier: { type: 'dns', value: name }, status, challenges, ...(wildcard && { wildcard }) }
  }

  async function challenge(id: string, type: string, account: string): Promise<Answer> {
    const authorization = authorizations.get(id)!
    if (authorization.status !== 'pending') authority.violations.push('a proof that is over was asked for again')
    const busy = [...authorizations.values()].filter(
      ({ order, status }) => order === authorization.order && status === 'pending',
    )
    if (busy[0] !== authorization) authority.violations.push('proofs were not asked for one after the other')
    const keyAuthorization = `${authorization.token}.${account}`
    const digest = createHash('sha256').update(keyAuthorization).digest('base64url')
    const { name, token } = authorization
    const order = orders.get(authorization.order)!
    const isProven = await authority
      .prove({ type: type as 'http-01', name, token, keyAuthorization, digest })
      .catch(() => false)
    authorization.status = isProven ? 'valid' : 'invalid'
    if (!isProven) authorization.error = problem(403, 'unauthorized', `wrong answer for ${name}`).body as object
    if (!isProven) order.status = 'invalid'
    if (order.authorizations.every((each) => authorizations.get(each)?.status === 'valid')) order.status = 'ready'
    return { status: 200, body: { type, url: `${origin}/challenge/${id}/${type}`, status: 'processing', token } }
  }

  async function finalize(id: string, jws: ReadJws): Promise<Answer> {
    const order = orders.get(id)!
    if (order.status !== 'ready') return problem(403, 'orderNotReady', order.status)
    const { csr } = JSON.parse(jws.payload) as { csr: string }
    const { keyMark, ...leaf } = await issuer.issue(Buffer.from(csr, 'base64url'), order.names, clock.now(), lifeMs)
    if (keyMarks.has(keyMark)) authority.violations.push('a key was used for a second certificate')
    keyMarks.add(keyMark)
    order.leaf = leaf
    order.looks = authority.slowLooks
    order.status = authority.slowLooks > 0 ? 'processing' : 'valid'
    leaves.set(leaf.certId, { leaf, replaced: false })
    const old = order.replaces === undefined ? undefined : leaves.get(order.replaces)
    if (old) old.replaced = true
    return { status: 200, headers: { 'retry-after': '3' }, body: orderBody(id, order) }
  }

  function look(id: string): Answer {
    const order = orders.get(id)
    if (!order) return problem(404, 'malformed', 'no such order')
    if (order.status === 'processing' && --order.looks <= 0) order.status = 'valid'
    return {
      status: 200,
      headers: order.status === 'processing' ? { 'retry-after': '3' } : {},
      body: orderBody(id, order),
    }
  }

  function chain(id: string): Answer {
    return {
      status: 200,
      headers: { 'content-type': 'application/pem-certificate-chain' },
      body: orders.get(id)!.leaf!.chainPem,
    }
  }

  async function signed(path: string, body: string): Promise<Answer> {
    const jws = readJws(body)
    if (!jws || jws.header.alg !== 'ES256') return problem(400, 'malformed', 'no flattened JWS with ES256')
    const { nonce = '', kid, jwk, url } = jws.header
    if (url !== origin + path) return problem(401, 'unauthorized', 'signed for another address')
    if (!nonces.delete(nonce) || Math.random() < authority.nonceRefusals) return problem(400, 'badNonce', 'stale')
    if ((kid === undefined) === (jwk === undefined)) return problem(400, 'malformed', 'either kid or jwk')
    const account = kid?.replace(`${origin}/account/`, '') ?? thumbprint(jwk!)
    const key = jwk ?? authority.accounts.get(account)?.jwk
    if (!key) return problem(400, 'accountDoesNotExist', 'who?')
    if (!jws.isSignedBy(keyOf(key))) return problem(403, 'unauthorized', 'not signed by this account')
    const [, what, id = '', type = ''] = path.split('/')
    if (what === 'new-account') return newAccount(jws)
    if (what === 'account')
      authority.accounts.get(account)!.contact = (JSON.parse(jws.payload) as { contact: string[] }).contact
    if (what === 'account') return { status: 200, body: { status: 'valid' } }
    if (what === 'new-order') return newOrder(jws, account)
    if (what === 'challenge') return challenge(id, type, account)
    if (what === 'finalize') return finalize(id, jws)
    if (jws.payload !== '') authority.violations.push(`${path} is read with an empty payload`)
    if (what === 'order') return look(id)
    if (what === 'authz') return { status: 200, body: authorizationBody(id) }
    if (what === 'certificate') return chain(id)
    return problem(404, 'malformed', path)
  }

  async function answer(request: IncomingMessage, body: string): Promise<Answer> {
    const { url: path = '', method } = request
    if (!/^Lares\/\d/.test(request.headers['user-agent'] ?? '')) authority.violations.push('does not say who it is')
    const instead = authority.intercept(path)
    if (instead) return instead
    if (method === 'GET' && path === '/directory') return { status: 200, body: directory() }
    if (method === 'HEAD' && path === '/new-nonce') return { status: 200 }
    if (method === 'GET' && path.startsWith('/renewal-info/')) return renewalInfo(path)
    if (method !== 'POST' || request.headers['content-type'] !== 'application/jose+json')
      return problem(405, 'malformed', path)
    authority.requests.push(`POST ${path}`)
    return signed(path, body)
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (authority.isDown) return void request.socket.destroy()
    const { status, headers = {}, body } = await answer(request, Buffer.concat(chunks).toString())
    const type = { 'content-type': 'application/json', 'replay-nonce': newNonce(), ...headers }
    response.writeHead(status, type).end(typeof body === 'string' ? body : body && JSON.stringify(body))
  }

  const authority: FakeAuthority = {
    ...{ directoryUrl: `${origin}/directory`, rootFile: certificates.rootFile },
    ...{ orders: [], violations: [], requests: [], accounts: new Map() },
    ...{ prove: async () => true, intercept: () => undefined, nonceRefusals: 0, slowLooks: 0, isDown: false },
    forgetAccounts: () => authority.accounts.clear(),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      certificates.remove()
    },
  }
  return authority
}
