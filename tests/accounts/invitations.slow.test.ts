import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { TotpEnrolment } from '../../appliance/src/api/accounts.ts'
import type { Invitation, InvitationLook } from '../../appliance/src/api/people.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'
import { PASSWORD, setUpOwner, startAccess, type Access } from './access.ts'
import { codeOf, readAudit } from './factors.ts'
import { accept, addCamera, addGuest, freshen, invite, makeRole, tokenOfLink, type Guest } from './household.ts'

const HOUR_MS = 60 * 60_000

const post = (browser: HttpsClient, path: string, body: unknown): Promise<Answer> =>
  browser.call('POST', `/api/invitations/${path}`, body)

const said = (answer: Answer): string => `${answer.status} ${String(codeOf(answer))}`

const list = async (browser: HttpsClient): Promise<Invitation[]> =>
  (await browser.must<{ invitations: Invitation[] }>('GET', '/api/invitations')).invitations

let at: Access
let ada: Guest
before(async () => {
  at = await startAccess()
  const { owner, browser } = await setUpOwner(at)
  const { user } = await browser.must<{ user: Guest['user'] }>('GET', '/api/me')
  ada = { user, browser, totpSecret: owner.totpSecret }
})
after(() => at.stop())

describe('SEC-A10 invitations', () => {
  test('a link makes an account with the role and cameras it was made for, and signs in', async () => {
    const yard = await addCamera(at.database, 'Yard')
    const { invitation, link } = await invite(ada.browser, { role: 'viewer', displayName: 'Granny', cameras: [yard] })
    assert.match(link, new RegExp(`^${at.origin}/invite#[\\w-]{43}$`))
    assert.deepEqual([invitation.state, invitation.invitedBy, invitation.roleName], ['open', 'Ada L', 'Viewer'])
    assert.equal(invitation.expiresAt - invitation.createdAt, 72 * HOUR_MS)
    const token = tokenOfLink(link)
    const look = await ada.browser.must<InvitationLook>('POST', '/api/invitations/look', { token })
    const { expiresAt } = invitation
    const expected = { homeName: 'Test home', displayName: 'Granny', roleName: 'Viewer', expiresAt }
    assert.deepEqual(look, { ...expected, needsSecondFactor: false })
    const granny = await accept(at, link, 'Granny')
    assert.deepEqual([granny.user.username, granny.user.role, granny.user.cameras], ['granny', 'viewer', [yard]])
    const me = await granny.browser.must<{ session: { freshUntil: number; trusted: boolean } }>('GET', '/api/me')
    assert.deepEqual([me.session.freshUntil, me.session.trusted], [0, false])
    assert.equal((await list(ada.browser))[0]?.state, 'used')
    const stored = JSON.stringify(await at.database.reader.selectFrom('invitations').selectAll().execute())
    assert.ok(!stored.includes(token) && !at.logLines.join('').includes(token))
  })

  test('SEC-A4 a role that may change something needs an authenticator before there is an account', async () => {
    const { link } = await invite(ada.browser, { role: 'operator' })
    const browser = at.browser()
    const who = { token: tokenOfLink(link), username: 'otto', displayName: 'Otto', password: PASSWORD }
    const { enrolment } = await browser.must<{ enrolment: TotpEnrolment }>('POST', '/api/invitations/accept/begin', who)
    const { ticket, totpSecret } = enrolment
    const code = totpCode(totpSecret, at.clock.now())
    const wrong = code === '123456' ? '654321' : '123456'
    const tries: [Record<string, unknown>, string][] = [
      [{}, '400 SECOND_FACTOR_REQUIRED'],
      [{ ticket }, '400 SECOND_FACTOR_REQUIRED'],
      [{ ticket, code: wrong }, '401 CODE_WRONG'],
      [{ ticket: `${ticket.slice(0, -4)}AAAA`, code }, '409 ENROLMENT_EXPIRED'],
      [{ ticket, code, username: 'otto2' }, '409 ENROLMENT_EXPIRED'],
    ]
    for (const [change, expected] of tries)
      assert.equal(said(await post(browser, 'accept', { ...who, ...change })), expected)
    const accepted = await browser.must<{ recoveryCodes: string[] }>('POST', '/api/invitations/accept', {
      ...{ ...who, ticket, code, trustDevice: true },
    })
    assert.equal(accepted.recoveryCodes.length, 10)
    const me = await browser.must<{ session: { freshUntil: number; trusted: boolean }; hasTotp: boolean }>(
      'GET',
      '/api/me',
    )
    assert.ok(me.session.freshUntil > at.clock.now() && me.session.trusted && me.hasTotp)
    // The code that proved the secret is used up.
    const again = await at.browser().call('POST', '/api/session', { username: 'otto', password: PASSWORD, code })
    assert.equal(said(again), '401 CODE_USED')
    const [created] = (await readAudit(at, 'user_created')).slice(-1)
    assert.equal(created?.details.invitedBy, ada.user.id)
  })

  test('name and password are looked at before anything is made; a taken name uses no invitation up', async () => {
    const { link } = await invite(ada.browser, { role: 'guest' })
    const browser = at.browser()
    const who = { token: tokenOfLink(link), username: 'ADA', displayName: 'Not Ada', password: PASSWORD }
    for (const path of ['accept/begin', 'accept']) {
      assert.equal(said(await post(browser, path, who)), '409 NAME_TAKEN', path)
      assert.equal(said(await post(browser, path, { ...who, username: 'a\u200bda' })), '400 USERNAME_UNUSABLE', path)
      const weak = await post(browser, path, { ...who, username: 'adam', password: 'password' })
      assert.equal(said(weak), '400 PASSWORD_WEAK', path)
    }
    await accept(at, link, 'adam')
  })

  test('used, expired, withdrawn, unknown: each says so, none works', async () => {
    await freshen(at, ada)
    const used = await invite(ada.browser, { role: 'guest' })
    await accept(at, used.link, 'once')
    const expired = await invite(ada.browser, { role: 'guest', hours: 1 })
    const withdrawn = await invite(ada.browser, { role: 'guest' })
    await ada.browser.must('DELETE', `/api/invitations/${withdrawn.invitation.id}`)
    const again = await ada.browser.call('DELETE', `/api/invitations/${withdrawn.invitation.id}`)
    assert.equal(said(again), '409 INVITATION_OVER')
    await at.clock.advance(HOUR_MS)
    const cases: [string, string, RegExp][] = [
      ['used', tokenOfLink(used.link), /used already/],
      ['expired', tokenOfLink(expired.link), /run out/],
      ['withdrawn', tokenOfLink(withdrawn.link), /withdrawn/],
      ['unknown', 'x'.repeat(43), /not valid/],
    ]
    for (const [reason, token, words] of cases) {
      const who = { token, username: `never-${reason}`, displayName: 'N', password: PASSWORD }
      for (const [path, body] of [
        ['look', { token }],
        ['accept/begin', who],
        ['accept', who],
      ] as const) {
        const answer = await post(at.browser(), path, body)
        const { error_code, message, details } = answer.json<Record<string, unknown>>()
        assert.deepEqual([answer.status, error_code, details], [404, 'INVITATION_INVALID', { reason }], path)
        assert.match(String(message), words)
      }
    }
    const never = await at.database.reader
      .selectFrom('users')
      .select('id')
      .where('username', 'like', 'never-%')
      .execute()
    assert.equal(never.length, 0)
  })
})

describe('SEC-A10 invitations and those who give them', () => {
  test('of two who race for one link, one gets in and the other is told', async () => {
    const back = at.browser()
    await at.clock.advance(30_000)
    const code = totpCode(ada.totpSecret ?? '', at.clock.now())
    await back.must('POST', '/api/session', { username: 'ada', password: PASSWORD, code })
    ada = { ...ada, browser: back }
    const { link } = await invite(ada.browser, { role: 'viewer' })
    const race = ['fast', 'fast', 'quick', 'swift'].map((username) => {
      const who = { token: tokenOfLink(link), username, displayName: username, password: PASSWORD }
      return post(at.browser(), 'accept', who)
    })
    const answers = (await Promise.all(race)).map((answer) => (answer.status === 200 ? 'in' : said(answer)))
    assert.equal(answers.filter((answer) => answer === 'in').length, 1, answers.join())
    assert.ok(
      answers.every((answer) => answer === 'in' || /INVITATION_INVALID|NAME_TAKEN/.test(answer)),
      answers.join(),
    )
    const names = ['fast', 'quick', 'swift']
    const made = await at.database.reader.selectFrom('users').select('id').where('username', 'in', names).execute()
    assert.equal(made.length, 1)
  })

  test('an invitation is worth what its inviter may still give', async () => {
    await freshen(at, ada)
    const role = await makeRole(ada.browser, 'Inviter', ['users.edit', 'users.view', 'devices.view'])
    const ivo = await addGuest(at, ada.browser, { username: 'ivo', role: role.id })
    const one = await invite(ivo.browser, { role: 'guest' })
    const two = await invite(ivo.browser, { role: role.id })
    await freshen(at, ada)
    await ada.browser.must('PUT', `/api/roles/${role.id}`, { name: 'Inviter', permissions: ['users.edit'] })
    const refused = await post(at.browser(), 'look', { token: tokenOfLink(one.link) })
    assert.equal(said(refused), '404 INVITATION_INVALID')
    await ada.browser.must('PATCH', `/api/people/${ivo.user.id}`, { active: false })
    for (const { link } of [one, two])
      assert.equal(said(await post(at.browser(), 'look', { token: tokenOfLink(link) })), '404 INVITATION_INVALID')
    await ada.browser.must('DELETE', `/api/people/${ivo.user.id}`)
    const open = (await list(ada.browser)).filter(({ state, role: id }) => state === 'open' && id === role.id)
    assert.deepEqual(open, [])
  })

  test('roles: made, renamed, in use, removed; the four of every home stay', async () => {
    await freshen(at, ada)
    const { browser } = ada
    const sitter = await makeRole(browser, 'Sitter', ['incidents.view', 'cameras.view', 'cameras.view'])
    assert.deepEqual([sitter.permissions, sitter.builtIn], [['cameras.view', 'incidents.view'], false])
    for (const name of ['sitter', 'ADMIN', 'Administrator', 'Viewer'])
      assert.equal(said(await browser.call('POST', '/api/roles', { name, permissions: [] })), '409 NAME_TAKEN', name)
    const { invitation } = await invite(browser, { role: sitter.id })
    const path = `/api/roles/${sitter.id}`
    assert.equal(said(await browser.call('DELETE', path)), '409 ROLE_IN_USE')
    await browser.must('DELETE', `/api/invitations/${invitation.id}`)
    const sam = await addGuest(at, browser, { username: 'sam', role: sitter.id })
    assert.equal(said(await browser.call('DELETE', path)), '409 ROLE_IN_USE')
    await browser.must('PUT', path, { name: 'Babysitter', permissions: sitter.permissions })
    assert.equal((await sam.browser.call('GET', '/api/me')).status, 200)
    await browser.must('PUT', path, { name: 'Babysitter', permissions: ['cameras.view'] })
    assert.equal(said(await sam.browser.call('GET', '/api/me')), '401 SESSION_REVOKED')
    await browser.must('DELETE', `/api/people/${sam.user.id}`)
    await browser.must('DELETE', path)
    assert.equal(said(await browser.call('PUT', path, { name: 'S', permissions: [] })), '404 NOT_FOUND')
    for (const id of ['admin', 'operator', 'viewer', 'guest']) {
      assert.equal(
        said(await browser.call('PUT', `/api/roles/${id}`, { name: 'X', permissions: [] })),
        '409 ROLE_FIXED',
      )
      assert.equal(said(await browser.call('DELETE', `/api/roles/${id}`)), '409 ROLE_FIXED')
    }
    const { roles } = await browser.must<{ roles: { id: string; people: number }[] }>('GET', '/api/roles')
    assert.deepEqual(
      roles.slice(0, 4).map(({ id }) => id),
      ['admin', 'operator', 'viewer', 'guest'],
    )
    assert.equal(roles[0]?.people, 1)
  })

  test('no text for a token gets anything but a plain no', async () => {
    const texts = fc.oneof(fc.string({ maxLength: 140 }), fc.base64String({ minLength: 32, maxLength: 128 }))
    const browser = at.browser()
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('look', 'accept', 'accept/begin'), async (token, path) => {
        const who = { token, username: 'u', displayName: 'U', password: PASSWORD }
        const { status } = await post(browser, path, path === 'look' ? { token } : who)
        assert.ok(status === 400 || status === 404 || status === 422, String(status))
      }),
      { numRuns: 40 },
    )
  })
})
