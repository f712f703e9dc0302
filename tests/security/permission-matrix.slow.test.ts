import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PERMISSIONS, ROLES } from '../../appliance/src/api/permissions.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { accessOf, type Access, type Asker } from '../../scripts/reference/permissions.ts'
import { createHttpsClient, type Answer, type HttpsClient } from '../harness/https-client.ts'
import { ADMIN_KEY, addPerson, confirm, setUpAdministrator, startWholeHome } from './whole-home.ts'
import type { SignedIn, WholeHome } from './whole-home.ts'

const MINUTE_MS = 60_000

let at: WholeHome
let admin: SignedIn
const people = new Map<string, SignedIn>()

/** What the server said: `in` when the gate let the call through to its body, else status and code. */
type Outcome = string

const nameOf = ({ method, path }: Route): string => `${method} ${path}`
const pathOf = ({ path }: Route): string =>
  path
    .replace(':file', '00000000-0000-7000-8000-000000000000.jpg')
    .replace(/:\w+/g, '00000000-0000-7000-8000-000000000000')

/** A body that no route takes: refused right behind the gate, so that asking changes nothing. */
async function knock(browser: HttpsClient, route: Route, headers: Record<string, string> = {}): Promise<Outcome> {
  const answer: Answer = await browser.call(route.method, pathOf(route), 'x', {
    'content-type': 'text/plain',
    ...headers,
  })
  return answer.status === 415 ? 'in' : `${answer.status} ${String(answer.json().error_code)}`
}

/** Every route in the outcome that the table foretells. */
async function expectAll(
  browser: HttpsClient,
  expected: (route: Route) => Outcome,
  headers: Record<string, string> = {},
): Promise<void> {
  const wrong: string[] = []
  for (const route of at.routes) {
    const outcome = await knock(browser, route, headers)
    if (outcome !== expected(route)) wrong.push(`${nameOf(route)}: ${outcome}, not ${expected(route)}`)
  }
  assert.deepEqual(wrong, [])
}

const isOpen = ({ needs }: Route): boolean => needs === 'public' || needs === 'sign-in'
/** These let nobody in by who they are, whoever asks. */
function byOtherMeans({ needs }: Route): Outcome | null {
  if (needs === 'setup') return '409 SETUP_DONE'
  if (needs === 'signed-link') return '403 LINK_EXPIRED'
  return needs === 'admin-key' ? '401 ADMIN_KEY_INVALID' : null
}

const OUTCOMES: Readonly<Record<Access, (isFresh: boolean) => Outcome>> = {
  yes: () => 'in',
  confirm: (isFresh) => (isFresh ? 'in' : '403 SUDO_REQUIRED'),
  no: () => '403 PERMISSION_DENIED',
}
const forRole =
  (asker: Asker, isFresh: boolean) =>
  (route: Route): Outcome =>
    byOtherMeans(route) ?? OUTCOMES[accessOf(route, asker)](isFresh)

/** For credentials that are worth nothing: what is open stays open, the rest is refused with that code. */
const worthless =
  (code: string) =>
  (route: Route): Outcome =>
    isOpen(route) ? 'in' : (byOtherMeans(route) ?? `401 ${code}`)

const forKey =
  (scopes: readonly string[]) =>
  (route: Route): Outcome => {
    const other = byOtherMeans(route)
    if (other !== null || isOpen(route)) return other ?? 'in'
    if (route.needs === 'session') return '403 SESSION_NEEDED'
    if (route.needs !== 'signed-in' && !scopes.includes(route.needs)) return '403 PERMISSION_DENIED'
    return route.sudo ? '403 SESSION_NEEDED' : 'in'
  }

async function makeKey(scopes: readonly string[], expiresInDays: number | null = null) {
  await confirm(at, admin)
  const wish = { name: 'Program', scopes, expiresInDays }
  return admin.browser.must<{ key: { id: string }; secret: string }>('POST', '/api/keys', wish)
}

/** A program has no cookies: a browser of its own for each question would be the same, and slower. */
const program = (): HttpsClient => createHttpsClient(at.origin, at.rootPem)

describe('SEC-A10 every route of the running product, asked by everybody', () => {
  before(async () => {
    at = await startWholeHome()
    admin = await setUpAdministrator(at)
    for (const role of ROLES.filter((name) => name !== 'admin')) {
      await confirm(at, admin)
      people.set(role, await addPerson(at, admin.browser, role))
    }
    people.set('admin', admin)
  })
  after(() => at.stop())

  test('there are many, and each says who may', () => {
    assert.ok(at.routes.length >= 60, `only ${at.routes.length} routes`)
    assert.deepEqual(at.routes.filter(({ needs }) => !needs).map(nameOf), [])
  })

  for (const role of ROLES) {
    test(`${role}, with a second factor given just now, and with an old one`, async () => {
      const person = people.get(role)
      assert.ok(person)
      await confirm(at, person)
      await expectAll(person.browser, forRole(role, true))
      await at.clock.advance(6 * MINUTE_MS)
      await expectAll(person.browser, forRole(role, false))
    })
  }

  test('nobody', async () => {
    await expectAll(at.browser(), worthless('TOKEN_INVALID'))
  })

  test('an API key with every scope, and one with none that fits', async () => {
    const { secret: all } = await makeKey(PERMISSIONS)
    await expectAll(program(), forKey(PERMISSIONS), { 'x-api-key': all })
    const { secret: one } = await makeKey(['costs.view'])
    await expectAll(program(), forKey(['costs.view']), { 'x-api-key': one })
    // A key decides alone: the cookies of an administrator beside it count for nothing.
    await expectAll(admin.browser, forKey(['costs.view']), { 'x-api-key': one })
  })

  test('an API key that has run out, and one that was revoked', async () => {
    const { secret: expiring } = await makeKey(PERMISSIONS, 1)
    const { key, secret: revoked } = await makeKey(PERMISSIONS)
    await admin.browser.must('DELETE', `/api/keys/${key.id}`)
    await expectAll(program(), worthless('API_KEY_INVALID'), { 'x-api-key': revoked })
    await at.clock.advance(20 * MINUTE_MS)
    await admin.browser.must('POST', '/api/session/stay')
    assert.equal((await program().call('GET', '/api/plugs', undefined, { 'x-api-key': expiring })).status, 200)
    at.clock.setWallClock(at.clock.now() + 24 * 60 * MINUTE_MS)
    await expectAll(program(), worthless('API_KEY_INVALID'), { 'x-api-key': expiring })
    at.clock.setWallClock(at.clock.now() - 24 * 60 * MINUTE_MS)
  })

  test('the admin key opens its own doors and no other', async () => {
    const browser = at.browser()
    const expected = (route: Route): Outcome => (route.needs === 'admin-key' ? 'in' : worthless('TOKEN_INVALID')(route))
    await expectAll(browser, expected, { 'x-admin-api-key': ADMIN_KEY })
  })

  test('somebody signed out, somebody deactivated', async () => {
    await confirm(at, admin)
    const leaver = await addPerson(at, admin.browser, 'operator', 'leaver')
    const cookies = new Map(leaver.browser.cookies)
    await leaver.browser.must('DELETE', '/api/session')
    for (const [name, value] of cookies) leaver.browser.cookies.set(name, value)
    await expectAll(leaver.browser, worthless('SESSION_REVOKED'))
    const fired = await addPerson(at, admin.browser, 'operator', 'fired')
    await confirm(at, admin)
    await admin.browser.must('PATCH', `/api/people/${fired.userId}`, { active: false })
    await expectAll(fired.browser, worthless('SESSION_REVOKED'))
  })

  test('an access token that has run out is told to refresh, and after that to come back in', async () => {
    await confirm(at, admin)
    const tired = await addPerson(at, admin.browser, 'operator', 'tired')
    await at.clock.advance(16 * MINUTE_MS)
    await tired.browser.must('POST', '/api/session/stay')
    await at.clock.advance(16 * MINUTE_MS)
    await expectAll(tired.browser, worthless('TOKEN_EXPIRED'))
    await at.clock.advance(31 * MINUTE_MS)
    await expectAll(tired.browser, worthless('SESSION_REVOKED'))
  })
})
