import assert from 'node:assert/strict'
import { Agent } from 'node:https'
import fc from 'fast-check'
import { errorBody } from '../../appliance/src/api/errors.ts'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { accessOf } from '../../scripts/reference/permissions.ts'
import type { HttpsClient, Identity } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'
import { createAnswerCheck, type ApiDocument } from './api-document.ts'
import { requestsTo, send, type HostileRequest, type Lane, type RawAnswer } from './hostile-requests.ts'
import type { Known } from './schema-values.ts'
import { keepTicking } from './ticking.ts'
import { addPerson, ADMIN_KEY, confirm, PASSWORD, setUpAdministrator, startWholeHome } from './whole-home.ts'
import type { SignedIn, WholeHome } from './whole-home.ts'

const AT_ONCE = 40
const MINUTE_MS = 60_000
/** Routes whose work is at a device that is not there; the API document names the codes. */
const AT_A_DEVICE = /^\/api\/(cameras|plugs|push)\b/
/** With these everybody can be asked for a client certificate. */
const ASKS_FOR_CERTIFICATES: ReadonlySet<string> = new Set(['/api/certificates/clients-required', '/api/settings/:key'])
const STACK = /\n\s+at |node_modules|\.ts:\d|node:internal|SQLITE|Kysely|ZodError/

// One campaign a process: the home it is against, and what it saw.
let at: WholeHome
let admin: SignedIn
let known: Known
let programKey: string
let agent: Agent
/** Some requests ask everybody for a client certificate; whoever has none does not get as far as a request any more. */
export let identity: Identity
/** Asks whether the key still works. One for the whole campaign: the box lets one client keep only so many connections. */
let keyHolder: HttpsClient
let checkAnswer: ReturnType<typeof createAnswerCheck>
export const counts = { requests: 0, passed: 0, refused: 0, silent: 0, atDevice: 0, unchanged: 0 }
/** Answers that the API document does not foretell. */
export const undocumented = new Set<string>()

/** What a refused request must not change. */
async function readAccounts(): Promise<string> {
  const { reader } = at.home.database
  const tables = await Promise.all([
    reader
      .selectFrom('users')
      .select(['id', 'username', 'role', 'password_hash', 'totp_secret', 'active', 'display_name'])
      .execute(),
    reader.selectFrom('user_cameras').selectAll().execute(),
    reader.selectFrom('roles').selectAll().execute(),
    reader.selectFrom('invitations').selectAll().execute(),
    reader
      .selectFrom('api_keys')
      .select(['id', 'user_id', 'name', 'key_hash', 'scopes', 'expires_at', 'revoked_at'])
      .execute(),
    reader.selectFrom('passkeys').selectAll().execute(),
    reader.selectFrom('recovery_codes').selectAll().execute(),
    reader.selectFrom('password_history').selectAll().execute(),
  ])
  return JSON.stringify(tables)
}

/** The owner comes in with a fresh code, waiting where wrong tries before it make that necessary. */
export async function signInAgain(browser: HttpsClient): Promise<void> {
  for (;;) {
    await at.clock.advance(30_000)
    const code = totpCode(admin.totpSecret ?? '', at.clock.now())
    const answer = await browser.call('POST', '/api/session', { username: 'ada', password: PASSWORD, code })
    if (answer.status === 200) return
    assert.equal(answer.status, 429, answer.body.toString())
    await at.clock.advance(MINUTE_MS)
  }
}

/** A browser that knows nothing of the session that ended. */
function startAfresh(): void {
  admin.browser.close()
  admin = { ...admin, browser: at.browser(identity) }
}

/** Among hostile requests are some that sign out or that make the box doubt the second factor. */
async function standFirm(): Promise<void> {
  const me = await admin.browser.call('GET', '/api/me')
  const freshUntil = me.status === 200 ? me.json<{ session: { freshUntil: number } }>().session.freshUntil : 0
  if (freshUntil - at.clock.now() > MINUTE_MS / 2) return
  if (me.status !== 200) startAfresh()
  await signInAgain(admin.browser)
  const key = await keyHolder.call('GET', '/api/plugs', undefined, { 'x-api-key': programKey })
  if (key.status !== 200) programKey = (await makeKey()).secret
}

const makeKey = () =>
  admin.browser.must<{ key: { id: string }; secret: string }>('POST', '/api/keys', {
    ...{ name: 'Program', scopes: PERMISSIONS, expiresInDays: null },
  })

async function furnish(): Promise<Known> {
  const visitor = await addPerson(at, admin.browser, 'viewer', 'visitor')
  const role = await admin.browser.must<{ id: string }>('POST', '/api/roles', {
    name: 'Sitter',
    permissions: ['cameras.view'],
  })
  const { invitation } = await admin.browser.must<{ invitation: { id: string } }>('POST', '/api/invitations', {
    ...{ displayName: 'Guest', role: 'guest' },
  })
  const { key, secret } = await makeKey()
  programKey = secret
  const camera = newId(1)
  const { sessions } = await admin.browser.must<{ sessions: { id: string }[] }>('GET', '/api/me/sessions')
  const { settings } = await admin.browser.must<{ settings: { key: string }[] }>('GET', '/api/settings')
  const opaque = ['A'.repeat(43), `${'A'.repeat(40)}.${'B'.repeat(22)}`]
  const bytes = ['AAAA', Buffer.alloc(65, 4).toString('base64url'), 'not base64url!']
  return {
    id: [
      visitor.userId,
      admin.userId,
      role.id,
      invitation.id,
      key.id,
      camera,
      ...sessions.map(({ id }) => id),
      'viewer',
    ],
    ...{
      key: settings.map((each) => each.key),
      file: [`${newId(2)}.jpg`, 'lares-root.crt', 'lares-root.mobileconfig'],
    },
    ...{ username: ['visitor', 'grandma', 'nobody'], displayName: ['Grandma', 'Ürsel'], name: ['Thing', '#1'] },
    ...{
      password: ['Wrong-9-Guess-Once'],
      currentPassword: ['Wrong-9-Guess-Once'],
      newPassword: ['Besen-7-Laterne-Fink', 'short'],
    },
    ...{
      code: ['000000', '123456', 'ABCDE-FGHIJ'],
      token: opaque,
      ticket: opaque,
      enrolment: opaque,
      challengeId: opaque,
    },
    ...{ role: ['viewer', 'operator', 'admin', role.id, 'no-such-role'], cameras: [camera], setupCode: ['ABCD-EFGH'] },
    ...{ url: ['rtsp://127.0.0.1:9/a'], path: ['/nowhere.mp4'], host: ['127.0.0.1', '127.0.0.1:9'] },
    ...{ endpoint: ['https://127.0.0.1:9/push'], p256dh: bytes, auth: bytes, timeZone: ['Europe/Berlin', 'Mars/Base'] },
    ...{ currency: ['EUR', 'XXX'], answer: passkeyAnswers(bytes) },
  }
}

function passkeyAnswers(bytes: readonly string[]): object[] {
  const clientData = { type: 'webauthn.get', challenge: 'AAAA', origin: at.origin, crossOrigin: false }
  const clientDataJSON = Buffer.from(JSON.stringify(clientData)).toString('base64url')
  return bytes.flatMap((data) =>
    [clientDataJSON, data].map((client) => ({
      ...{ id: data, rawId: data, type: 'public-key', clientExtensionResults: {} },
      response: {
        clientDataJSON: client,
        authenticatorData: data,
        signature: data,
        attestationObject: data,
        userHandle: data,
      },
    })),
  )
}

function ownHeaders(lane: Lane, route: Route): Record<string, string> {
  const origin = { origin: at.origin, 'user-agent': '' }
  const adminKey: Record<string, string> =
    route.needs === 'admin-key' && lane !== 'nobody' ? { 'x-admin-api-key': ADMIN_KEY } : {}
  if (lane === 'program') return { 'x-api-key': programKey }
  if (lane !== 'administrator') return { ...origin }
  const cookies = [...admin.browser.cookies].filter(([name]) => name.startsWith('__Host-'))
  return { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; '), origin: at.origin, ...adminKey }
}

const isOpenTo = (lane: Lane, route: Route): boolean =>
  lane === 'administrator' || accessOf(route, lane === 'program' ? 'API key' : 'nobody') !== 'no'

/** What is wrong with an answer; null: it is as every answer has to be. */
function faultOf(route: Route, lane: Lane, { status, headers, body }: RawAnswer): string | null {
  if (status === 0) return 'no answer'
  if (status < 400) return isOpenTo(lane, route) ? null : 'was let in'
  if (!String(headers['content-type']).startsWith('application/json')) return 'is not JSON'
  const text = body.toString()
  const given = errorBody.safeParse(JSON.parse(text))
  if (!given.success) return 'is not the body of an error'
  if (STACK.test(text)) return 'tells about the inside'
  if (status < 500) return null
  const isDevice = [503, 504].includes(status) && AT_A_DEVICE.test(route.path) && given.data.error_code !== 'BUSY'
  if (isDevice) counts.atDevice += 1
  return isDevice ? null : 'failed'
}

function judge(route: Route, ask: HostileRequest, answer: RawAnswer): void {
  const fault = faultOf(route, ask.lane, answer)
  const shown = (): string => `${answer.status} ${answer.body.toString().slice(0, 400)}`
  assert.equal(fault, null, `${shown()} to ${JSON.stringify({ ...ask, body: ask.body?.slice(0, 300) })}`)
  if (answer.status < 400) counts.passed += 1
  else counts.refused += 1
  const wrong = checkAnswer(route, answer)
  if (wrong !== null) undocumented.add(`${route.method} ${route.path}: ${wrong.slice(0, 160)}`)
}

/** Settings come last: the rest is tried in a home as it is at first. */
const inOrder = (): readonly Route[] => {
  const changesSettings = ({ path }: Route): number => Number(path === '/api/settings/:key')
  return [...at.routes].sort((a, b) => changesSettings(a) - changesSettings(b))
}

/** What fast-check needs to do it again, and the one answer that was wrong. */
function tell({ method, path }: Route, error: unknown): string {
  const [, seed = ''] = /(\{ seed: .*?\})/.exec(String(error)) ?? []
  const { cause } = error as { cause?: unknown }
  return `${method} ${path} ${seed}: ${String(cause ?? error).slice(0, 1_500)}`
}

async function tryAll(route: Route, batch: readonly HostileRequest[]): Promise<void> {
  await standFirm()
  const before = await readAccounts()
  const answers = await Promise.all(batch.map((ask) => send(at.origin, agent, ask, ownHeaders(ask.lane, route))))
  counts.requests += batch.length
  for (const [n, answer] of answers.entries()) {
    const ask = batch[n] as HostileRequest
    // Refused before all of it was sent, or nobody may be connected without a certificate from now on: the connection
    // ends, and the answer may get lost.
    const mayBeLost = (ask.body?.length ?? 0) > 64 * 1024 || ASKS_FOR_CERTIFICATES.has(route.path)
    if (answer.status === 0 && mayBeLost) counts.silent += 1
    else judge(route, ask, answer)
  }
  if (answers.some(({ status }) => status > 0 && status < 400)) return
  assert.equal(await readAccounts(), before, 'refused, and yet accounts changed')
  counts.unchanged += 1
}

/** What got through must not pile up: every camera is a program that runs. */
async function tidyUp(): Promise<void> {
  await standFirm()
  const { cameras } = await admin.browser.must<{ cameras: { id: string }[] }>('GET', '/api/cameras')
  for (const { id } of cameras) await admin.browser.must('DELETE', `/api/cameras/${id}`)
}

async function ownCertificate(): Promise<Identity> {
  const { pkcs12, password } = await admin.browser.must<{ pkcs12: string; password: string }>(
    ...(['POST', '/api/certificates/clients', { name: 'Campaign' }] as const),
  )
  return { pfx: Buffer.from(pkcs12, 'base64'), passphrase: password }
}

/** A furnished home, and an agent that keeps its connections. */
export async function startCampaign(): Promise<WholeHome> {
  at = await startWholeHome()
  admin = await setUpAdministrator(at)
  await confirm(at, admin)
  identity = await ownCertificate()
  startAfresh()
  keyHolder = at.browser(identity)
  await signInAgain(admin.browser)
  known = await furnish()
  checkAnswer = createAnswerCheck(await admin.browser.must<ApiDocument>('GET', '/api/openapi.json'))
  agent = new Agent({ keepAlive: true, maxSockets: 12, ca: at.rootPem, ...identity })
  return at
}

export async function endCampaign(): Promise<void> {
  agent?.destroy()
  await at?.stop()
}

/** At least that many requests, over every route; what went wrong, one line a route, with the seed to do it again. */
export async function attack(requests: number): Promise<string[]> {
  const stopTicking = keepTicking(at.clock)
  const runs = Math.ceil(requests / (at.routes.length * AT_ONCE))
  const failures: string[] = []
  try {
    for (const route of inOrder()) {
      const batches = fc.array(requestsTo(route, known), { minLength: AT_ONCE, maxLength: AT_ONCE })
      await fc
        .assert(
          fc.asyncProperty(batches, (batch) => tryAll(route, batch)),
          { numRuns: runs, endOnFailure: true },
        )
        .catch((error: unknown) => failures.push(tell(route, error)))
      if (/cameras/.test(route.path)) await tidyUp()
    }
  } finally {
    await stopTicking()
  }
  return failures
}
