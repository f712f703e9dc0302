import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'
import { createAnswerCheck, type ApiDocument } from './api-document.ts'
import { keepTicking } from './ticking.ts'
import { addPerson, ADMIN_KEY, confirm, PASSWORD, setUpAdministrator, startWholeHome } from './whole-home.ts'
import type { SignedIn, WholeHome } from './whole-home.ts'

const NO_SUCH = '00000000-0000-7000-8000-000000000000'
const run = promisify(execFile)

let at: WholeHome
let admin: SignedIn
let viewer: SignedIn
let document: ApiDocument
let checkAnswer: ReturnType<typeof createAnswerCheck>
let stopTicking: () => Promise<void>
/** `GET /api/me 200`: what was seen and fits. */
const seen = new Set<string>()

const nameOf = ({ method, path }: Route): string => `${method} ${path}`

function routeOf(method: string, path: string): Route {
  const isIt = (route: Route): boolean =>
    route.method === method && new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path.split('?')[0] ?? '')
  const found = at.routes.filter(isIt).sort((a, b) => a.path.split(':').length - b.path.split(':').length)[0]
  assert.ok(found, `${method} ${path} is not mounted`)
  return found
}

/** Asks, and holds the answer to the document. */
async function ask(
  browser: HttpsClient,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await browser.call(method, path, body, headers)
  const route = routeOf(method, path)
  assert.equal(checkAnswer(route, answer), null, `${nameOf(route)} ${answer.status}`)
  seen.add(`${nameOf(route)} ${answer.status}`)
  return answer
}

async function must<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await ask(admin.browser, method, path, body)
  assert.equal(answer.status, 200, `${method} ${path}: ${answer.body.toString().slice(0, 300)}`)
  return answer.json<T>()
}

const codeNow = (): string => totpCode(admin.totpSecret ?? '', at.clock.now())

before(async () => {
  at = await startWholeHome()
  admin = await setUpAdministrator(at)
  await confirm(at, admin)
  viewer = await addPerson(at, admin.browser, 'viewer')
  document = await admin.browser.must<ApiDocument>('GET', '/api/openapi.json')
  checkAnswer = createAnswerCheck(document)
  stopTicking = keepTicking(at.clock)
})
after(async () => {
  await stopTicking?.()
  await at?.stop()
})

describe('the API document and live answers', { timeout: 300_000 }, () => {
  test('SEC-A10 it is OpenAPI 3.1 and has every mounted route with its permission and its limit', () => {
    assert.match(document.openapi, /^3\.1\./)
    const described = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).map(([verb, operation]) => {
        const given = operation as unknown as Record<string, unknown>
        assert.ok(given['x-lares-limit'], path)
        return `${verb.toUpperCase()} ${path} ${String(given['x-lares-needs'])} ${String(given['x-lares-sudo'])}`
      }),
    )
    const mounted = at.routes.map(
      ({ method, path, needs, sudo }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')} ${needs} ${sudo}`,
    )
    assert.deepEqual(described.sort(), mounted.sort())
  })

  test('what can be read, is read, and fits', async () => {
    const camera = await must<{ id: string }>('POST', '/api/cameras', {
      ...{ name: 'Door', source: { kind: 'file', path: import.meta.filename } },
    })
    const plain = at.routes.filter(
      ({ method, path, needs }) => method === 'GET' && !/:/.test(path) && needs !== 'admin-key',
    )
    for (const route of plain) await ask(admin.browser, 'GET', route.path)
    const unread = plain.map(nameOf).filter((name) => !seen.has(`${name} 200`))
    assert.deepEqual(unread, [])
    await must('GET', `/api/cameras/${camera.id}`)
    await must('GET', `/api/people/${viewer.userId}`)
    assert.equal((await ask(at.browser(), 'GET', '/api/trust/root/lares-root.crt')).status, 200)
    await ask(admin.browser, 'GET', `/api/cameras/${camera.id}/still.jpg`)
    await must('PATCH', `/api/cameras/${camera.id}`, { name: 'Gate' })
    await must('DELETE', `/api/cameras/${camera.id}`)
    await ask(admin.browser, 'POST', '/api/cameras/test', { source: { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/a' } })
    await ask(admin.browser, 'POST', '/api/plugs', { host: '127.0.0.1:9' })
  })

  test('people, roles, invitations and keys', async () => {
    await confirm(at, admin)
    const role = await must<{ id: string }>('POST', '/api/roles', { name: 'Sitter', permissions: ['cameras.view'] })
    await must('PUT', `/api/roles/${role.id}`, { name: 'Cat sitter', permissions: ['cameras.view', 'incidents.view'] })
    const { invitation, link } = await must<{ invitation: { id: string }; link: string }>('POST', '/api/invitations', {
      ...{ displayName: 'Cleo', role: role.id },
    })
    const token = link.split('#')[1]
    const who = { token, username: 'cleo', displayName: 'Cleo', password: PASSWORD }
    const cleo = at.browser()
    for (const path of ['look', 'accept/begin', 'accept'])
      assert.equal((await ask(cleo, 'POST', `/api/invitations/${path}`, path === 'look' ? { token } : who)).status, 200)
    const { people } = await must<{ people: { id: string; username: string }[] }>('GET', '/api/people')
    const id = people.find(({ username }) => username === 'cleo')?.id
    await must('PATCH', `/api/people/${id}`, { displayName: 'Cleopatra', role: 'guest', cameras: [] })
    await must('POST', `/api/people/${id}/reset`, { secondFactor: true })
    await must('DELETE', `/api/people/${id}/sessions`)
    await must('DELETE', `/api/people/${id}`)
    await must('DELETE', `/api/roles/${role.id}`)
    assert.equal((await ask(admin.browser, 'DELETE', `/api/invitations/${invitation.id}`)).status, 409)
    const { key } = await must<{ key: { id: string } }>('POST', '/api/keys', {
      ...{ name: 'Script', scopes: ['incidents.view'], expiresInDays: 30 },
    })
    const rotated = await must<{ key: { id: string } }>('POST', `/api/keys/${key.id}/rotate`, { overlapHours: 1 })
    await must('DELETE', `/api/keys/${rotated.key.id}`)
  })

  test('one’s own account, the session and the box', async () => {
    await confirm(at, admin)
    await must('GET', '/api/session/sudo')
    await must('POST', '/api/session/stay')
    await must('POST', '/api/session/refresh')
    await must('POST', '/api/me/totp/begin')
    const { session } = await must<{ session: { id: string } }>('GET', '/api/me')
    await must('PATCH', `/api/me/sessions/${session.id}`, { trusted: false })
    await must('DELETE', '/api/me/sessions')
    await must('PUT', '/api/settings/home', { homeName: 'Home', timeZone: 'Europe/Berlin', currency: 'EUR' })
    await must('POST', '/api/system/signing-keys/rotate')
    await at.clock.advance(30_000)
    await must('POST', '/api/me/recovery-codes', { password: PASSWORD, code: codeNow() })
    assert.equal((await ask(admin.browser, 'POST', '/api/me/passkeys/begin')).status, 422)
    assert.equal((await ask(at.browser(), 'POST', '/api/session/passkey/begin')).status, 422)
    const admins = { 'x-admin-api-key': ADMIN_KEY }
    assert.equal((await ask(at.browser(), 'GET', '/api/admin/runtime', undefined, admins)).status, 200)
    assert.equal((await ask(at.browser(), 'PUT', '/api/admin/log-level', { level: 'info' }, admins)).status, 200)
    const credentials = { username: 'viewer', password: PASSWORD }
    assert.equal((await ask(viewer.browser, 'DELETE', '/api/session')).status, 200)
    assert.equal((await ask(viewer.browser, 'POST', '/api/session', credentials)).status, 200)
    assert.equal((await ask(viewer.browser, 'POST', '/api/session', { ...credentials, password: 'no' })).status, 401)
  })
})

describe('the API document and what a program meets', { timeout: 300_000 }, () => {
  test('SEC-A9 every error of every route: not signed in, not allowed, not there, not right, not JSON, too large', async () => {
    const codes = new Set<string>()
    await confirm(at, admin)
    for (const route of at.routes) {
      const path = route.path.replaceAll(/:\w+/g, NO_SUCH)
      // Closed after each route: one address may have so many connections open, and no more.
      const [nobody, program] = [at.browser(), at.browser()]
      const tries: readonly (readonly [HttpsClient, unknown, Record<string, string>?])[] = [
        [nobody, undefined],
        [viewer.browser, undefined, { 'x-lares-idle': '1' }],
        [admin.browser, { odd: 1 }, { 'x-admin-api-key': ADMIN_KEY }],
        [admin.browser, 'x', { 'content-type': 'text/plain' }],
        [admin.browser, 'a'.repeat(route.maxBodyBytes + 1)],
        [program, undefined, { 'x-api-key': 'nobody-knows-this-key' }],
        [admin.browser, undefined, { origin: 'https://evil.example' }],
      ]
      // An empty request to these would do what they are for.
      for (const [browser, body, headers] of /DELETE \/api\/(me\/)?session/.test(nameOf(route))
        ? tries.slice(3, 6)
        : tries) {
        const answer = await ask(browser, route.method, path, body, headers)
        assert.ok(answer.status < 500 || route.path.includes('plugs'), `${nameOf(route)} ${answer.status}`)
        if (answer.status >= 400) codes.add(String(answer.json().error_code))
      }
      nobody.close()
      program.close()
    }
    const wanted = ['TOKEN_INVALID', 'API_KEY_INVALID', 'PERMISSION_DENIED', 'NOT_FOUND', 'VALIDATION_FAILED']
    for (const code of [...wanted, 'UNSUPPORTED_MEDIA_TYPE', 'TOO_LARGE', 'FOREIGN_ORIGIN', 'SETUP_DONE'])
      assert.ok(codes.has(code), `${code} was never seen`)
  })

  test('SEC-A11 curl with X-API-Key reads incidents, as in the documentation', async (t) => {
    const version = await run('curl', ['--version']).catch(() => null)
    if (version === null) return t.skip('there is no curl')
    await confirm(at, admin)
    const { secret } = await must<{ secret: string }>('POST', '/api/keys', {
      ...{ name: 'curl', scopes: PERMISSIONS, expiresInDays: 1 },
    })
    const folder = await mkdtemp(join(tmpdir(), 'lares-curl-'))
    try {
      const root = join(folder, 'root.pem')
      await writeFile(root, at.rootPem)
      const curl = async (...args: string[]) => {
        const usual = ['--silent', '--show-error', '--cacert', root, '--write-out', '\n%{http_code}']
        const { stdout } = await run('curl', [...usual, ...args, `${at.origin}/api/incidents`])
        const [body = '', status] = stdout.split(/\n(?=\d+$)/)
        return { status: Number(status), headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }
      }
      const route = routeOf('GET', '/api/incidents')
      const answers = [await curl('-H', `X-API-Key: ${secret}`), await curl('-H', 'X-API-Key: wrong'), await curl()]
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 401, 401],
      )
      for (const answer of answers) assert.equal(checkAnswer(route, answer), null)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
