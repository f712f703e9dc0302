import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createPasswordHasher } from '../../appliance/src/accounts/passwords/password-hash.ts'
import { createPasswords } from '../../appliance/src/accounts/passwords/passwords.ts'
import { findUserByName } from '../../appliance/src/accounts/people/user-store.ts'
import type { Person } from '../../appliance/src/api/people.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { PASSWORD, setUpOwner, startAccess, type Access, type Owner } from './access.ts'
import { addPerson, codeOf, readAudit } from './factors.ts'
import { addCamera, addGuest, freshen, makeRole, type Guest } from './household.ts'

const people = async (browser: HttpsClient): Promise<Person[]> =>
  (await browser.must<{ people: Person[] }>('GET', '/api/people')).people

async function refused(browser: HttpsClient, method: string, path: string, body?: unknown): Promise<string> {
  const answer = await browser.call(method, path, body)
  return `${answer.status} ${String(codeOf(answer))}`
}

let at: Access
let owner: Owner
let ada: Guest
let adaId: string
before(async () => {
  at = await startAccess()
  const set = await setUpOwner(at)
  owner = set.owner
  const me = await set.browser.must<{ user: Person }>('GET', '/api/me')
  adaId = me.user.id
  ada = { user: me.user, browser: set.browser, totpSecret: owner.totpSecret }
})
after(() => at.stop())

describe('SEC-A10 looking after people', () => {
  test('the list tells who may what, and needs the permission', async () => {
    const vic = await addGuest(at, ada.browser, { username: 'vic', role: 'viewer' })
    const all = await people(ada.browser)
    const [first, second] = all
    assert.deepEqual(
      [first?.username, first?.role, first?.roleName, first?.hasTotp],
      ['ada', 'admin', 'Administrator', true],
    )
    assert.deepEqual([second?.username, second?.active, second?.sessions, second?.cameras], ['vic', true, 1, null])
    assert.ok((second?.lastSeenAt ?? 0) > 0 && second?.mustChangePassword === false)
    assert.equal(await refused(vic.browser, 'GET', '/api/people'), '403 PERMISSION_DENIED')
    assert.equal(
      await refused(vic.browser, 'PATCH', `/api/people/${adaId}`, { role: 'guest' }),
      '403 PERMISSION_DENIED',
    )
    assert.equal(await refused(ada.browser, 'GET', `/api/people/${crypto.randomUUID()}`), '404 NOT_FOUND')
  })

  test('SEC-A14 a change needs a fresh second factor', async () => {
    const [, vic] = await people(ada.browser)
    await at.clock.advance(6 * 60_000)
    assert.equal(
      await refused(ada.browser, 'PATCH', `/api/people/${vic?.id}`, { displayName: 'X' }),
      '403 SUDO_REQUIRED',
    )
    await freshen(at, ada)
    const changed = await ada.browser.must<Person>('PATCH', `/api/people/${vic?.id}`, { displayName: 'Victor' })
    assert.equal(changed.displayName, 'Victor')
  })

  test('SEC-A8 a role, a camera limit or switching off ends the sessions at once; a name does not', async () => {
    await freshen(at, ada)
    const yard = await addCamera(at.database, 'Yard')
    const cases: [string, Record<string, unknown>, string | null][] = [
      ['name', { displayName: 'Zed' }, null],
      ['same role', { role: 'viewer' }, null],
      ['role', { role: 'guest' }, 'access-changed'],
      ['cameras', { cameras: [yard] }, 'access-changed'],
      ['off', { active: false }, 'account-disabled'],
    ]
    for (const [label, change, reason] of cases) {
      const username = `z-${label.replace(' ', '-')}`
      const { user, browser } = await addGuest(at, ada.browser, { username, role: 'viewer' })
      await ada.browser.must('PATCH', `/api/people/${user.id}`, change)
      const answer = await browser.call('GET', '/api/me')
      assert.equal(answer.status, reason === null ? 200 : 401, label)
      if (reason === null) continue
      assert.equal(codeOf(answer), 'SESSION_REVOKED', label)
      assert.equal(at.ended.at(-1)?.reason, reason, label)
      assert.equal(answer.json<{ details: { reason: string } }>().details.reason, reason, label)
    }
  })

  test('who is switched off cannot sign in and learns nothing more than with a wrong password; switched on, they can', async () => {
    await freshen(at, ada)
    const { user } = await addGuest(at, ada.browser, { username: 'off', role: 'viewer' })
    await ada.browser.must('PATCH', `/api/people/${user.id}`, { active: false })
    const browser = at.browser()
    const wrong = await browser.call('POST', '/api/session', { username: 'off', password: 'Wrong-Password-1!' })
    const right = await browser.call('POST', '/api/session', { username: 'off', password: PASSWORD })
    assert.deepEqual([right.status, codeOf(right), right.json().message], [401, codeOf(wrong), wrong.json().message])
    await at.clock.advance(1)
    await ada.browser.must('PATCH', `/api/people/${user.id}`, { active: true })
    await browser.must('POST', '/api/session', { username: 'off', password: PASSWORD })
    const kinds = (await readAudit(at, 'user_deactivated', 'user_activated')).filter(
      ({ resource }) => resource === `user:${user.id}`,
    )
    assert.deepEqual(
      kinds.map(({ type, user_id }) => [type, user_id]),
      [
        ['user_deactivated', adaId],
        ['user_activated', adaId],
      ],
    )
  })
})

describe('SEC-A10 what nobody may', () => {
  test('the last administrator stays: not demoted, not limited, not switched off, not removed', async () => {
    await freshen(at, ada)
    const yard = await addCamera(at.database, 'Drive')
    const path = `/api/people/${adaId}`
    for (const change of [{ role: 'operator' }, { cameras: [yard] }, { active: false }])
      assert.equal(await refused(ada.browser, 'PATCH', path, change), '409 LAST_ADMIN', JSON.stringify(change))
    assert.equal(await refused(ada.browser, 'DELETE', path), '409 LAST_ADMIN')
    assert.equal((await ada.browser.must<Person>('GET', path)).role, 'admin')
  })

  test('of two administrators who demote each other at the same time, one stays', async () => {
    await freshen(at, ada)
    const bea = await addGuest(at, ada.browser, { username: 'bea', role: 'admin' })
    const answers = await Promise.all([
      ada.browser.call('PATCH', `/api/people/${bea.user.id}`, { role: 'viewer' }),
      bea.browser.call('PATCH', `/api/people/${adaId}`, { role: 'viewer' }),
    ])
    const statuses = answers.map(({ status }) => status).sort()
    assert.ok(statuses[0] === 200 && (statuses[1] === 403 || statuses[1] === 401), statuses.join())
    const rows = await at.database.reader.selectFrom('users').select('username').where('role', '=', 'admin').execute()
    assert.equal(rows.length, 1)
    // Whoever it was: Ada goes on as administrator.
    await at.database.writer.updateTable('users').set({ role: 'admin' }).where('id', '=', adaId).execute()
    const browser = at.browser()
    await at.clock.advance(30_000)
    const code = owner.totp()
    await browser.must('POST', '/api/session', { username: 'ada', password: owner.password, code })
    ada = { ...ada, browser }
  })

  test('nobody gives or manages more than they have themselves', async () => {
    const keeper = await makeRole(ada.browser, 'Keeper', ['users.view', 'users.edit', 'devices.view', 'cameras.view'])
    const kim = await addGuest(at, ada.browser, { username: 'kim', role: keeper.id })
    const gus = await addGuest(at, kim.browser, { username: 'gus', role: 'guest' })
    const vic = (await people(ada.browser)).find(({ username }) => username === 'vic')
    const BEYOND = '403 BEYOND_YOUR_OWN'
    for (const change of [{ role: 'admin' }, { role: 'viewer' }, { role: 'operator' }])
      assert.equal(await refused(kim.browser, 'PATCH', `/api/people/${gus.user.id}`, change), BEYOND)
    for (const path of [`/api/people/${adaId}`, `/api/people/${vic?.id}`]) {
      assert.equal(await refused(kim.browser, 'PATCH', path, { displayName: 'Hm' }), BEYOND)
      assert.equal(await refused(kim.browser, 'POST', `${path}/reset`, { secondFactor: true }), BEYOND)
      assert.equal(await refused(kim.browser, 'DELETE', `${path}/sessions`), BEYOND)
      assert.equal(await refused(kim.browser, 'DELETE', path), BEYOND)
    }
    assert.equal(await refused(kim.browser, 'POST', '/api/invitations', { displayName: 'E', role: 'viewer' }), BEYOND)
    assert.equal(await refused(kim.browser, 'POST', '/api/roles', { name: 'E', permissions: ['system.edit'] }), BEYOND)
    const wider = { name: 'Keeper', permissions: [...keeper.permissions, 'system.edit'] }
    assert.equal(await refused(kim.browser, 'PUT', `/api/roles/${keeper.id}`, wider), BEYOND)
    assert.equal(await refused(kim.browser, 'DELETE', `/api/people/${kim.user.id}`), '409 YOURSELF')
    await kim.browser.must('DELETE', `/api/people/${gus.user.id}`)
  })

  test('who sees only some cameras gives no more of them', async () => {
    const [yard, attic] = [await addCamera(at.database, 'A'), await addCamera(at.database, 'B')]
    const role = await makeRole(ada.browser, 'Watch keeper', ['users.view', 'users.edit', 'cameras.view'])
    const lea = await addGuest(at, ada.browser, { username: 'lea', role: role.id, cameras: [yard] })
    const onlyLook = await makeRole(ada.browser, 'Look', ['cameras.view'])
    const invitation = { displayName: 'N', role: onlyLook.id }
    for (const cameras of [undefined, null, [attic], [yard, attic]])
      assert.equal(
        await refused(lea.browser, 'POST', '/api/invitations', { ...invitation, cameras }),
        '403 BEYOND_YOUR_OWN',
      )
    const nia = await addGuest(at, lea.browser, { username: 'nia', role: onlyLook.id, cameras: [yard] })
    assert.deepEqual(nia.user.cameras, [yard])
    assert.equal(
      await refused(lea.browser, 'PATCH', `/api/people/${nia.user.id}`, { cameras: null }),
      '403 BEYOND_YOUR_OWN',
    )
    const gone = crypto.randomUUID()
    assert.equal(
      await refused(ada.browser, 'PATCH', `/api/people/${nia.user.id}`, { cameras: [gone] }),
      '400 CAMERA_UNKNOWN',
    )
    await at.database.writer.deleteFrom('cameras').where('id', '=', yard).execute()
    const kept = await ada.browser.must<Person>('PATCH', `/api/people/${nia.user.id}`, { cameras: [yard, attic] })
    assert.deepEqual(kept.cameras, [yard, attic].sort())
  })
})

describe('Taking away', () => {
  test('SEC-A2 reset: a temporary password that has to be replaced, sessions end; with the second factor when asked', async () => {
    await freshen(at, ada)
    const oli = await addGuest(at, ada.browser, { username: 'oli', role: 'operator' })
    const path = `/api/people/${oli.user.id}`
    const first = await ada.browser.must<{ temporaryPassword: string }>('POST', `${path}/reset`, {
      secondFactor: false,
    })
    assert.equal((await oli.browser.call('GET', '/api/me')).status, 401)
    const browser = at.browser()
    const signIn = { username: 'oli', password: first.temporaryPassword }
    assert.equal(
      await refused(browser, 'POST', '/api/session', { ...signIn, password: PASSWORD }),
      '401 SIGN_IN_FAILED',
    )
    assert.equal(await refused(browser, 'POST', '/api/session', signIn), '403 PASSWORD_EXPIRED')
    const kept = await ada.browser.must<Person>('GET', path)
    assert.deepEqual([kept.hasTotp, kept.mustChangePassword, kept.sessions], [true, true, 0])
    const second = await ada.browser.must<{ temporaryPassword: string }>('POST', `${path}/reset`, {
      secondFactor: true,
    })
    assert.notEqual(second.temporaryPassword, first.temporaryPassword)
    assert.equal((await ada.browser.must<Person>('GET', path)).hasTotp, false)
    const codes = await at.database.reader
      .selectFrom('recovery_codes')
      .select('id')
      .where('user_id', '=', oli.user.id)
      .execute()
    assert.equal(codes.length, 0)
    const again = { username: 'oli', password: second.temporaryPassword, newPassword: 'Karussell-7-Birne-Dach' }
    assert.equal((await browser.must('POST', '/api/session', again)).status, 'needs-enrolment')
    assert.equal(
      await refused(ada.browser, 'POST', `/api/people/${adaId}/reset`, { secondFactor: false }),
      '409 YOURSELF',
    )
    assert.equal((await readAudit(at, 'password_reset')).length, 2)
    assert.ok(!at.logLines.join('').includes(second.temporaryPassword))
  })

  test('signing somebody out everywhere', async () => {
    const pia = await addGuest(at, ada.browser, { username: 'pia', role: 'viewer' })
    await ada.browser.must('DELETE', `/api/people/${pia.user.id}/sessions`)
    assert.equal((await pia.browser.call('GET', '/api/me')).status, 401)
    assert.equal(at.ended.at(-1)?.reason, 'ended-by-admin')
  })

  test('removing takes all that is theirs, and leaves what they looked at', async () => {
    await freshen(at, ada)
    const ron = await addGuest(at, ada.browser, { username: 'ron', role: 'operator' })
    const id = ron.user.id
    await at.database.writer
      .insertInto('incidents')
      .values({
        ...{
          id: crypto.randomUUID(),
          camera_id: 'c',
          camera_name: 'C',
          state: 'closed',
          opened_at: 1,
          last_seen_at: 1,
        },
        ...{ closed_at: 1, classes: '[]', snapshot: null, clip_state: 'missing', clip: null, feedback: 'expected' },
        ...{ reviewed_at: 1, reviewed_by: id },
      })
      .execute()
    await ada.browser.must('DELETE', `/api/people/${id}`)
    assert.equal((await ron.browser.call('GET', '/api/me')).status, 401)
    assert.equal(await refused(ada.browser, 'GET', `/api/people/${id}`), '404 NOT_FOUND')
    for (const table of ['sessions', 'recovery_codes', 'password_history', 'user_cameras', 'passkeys'] as const) {
      const rows = await at.database.reader.selectFrom(table).select('user_id').where('user_id', '=', id).execute()
      assert.equal(rows.length, 0, table)
    }
    const kept = await at.database.reader.selectFrom('incidents').select('reviewed_by').execute()
    assert.deepEqual(kept, [{ reviewed_by: id }])
    const [entry] = (await readAudit(at, 'user_deleted')).slice(-1)
    assert.equal(entry?.resource, `user:${id}`)
  })
})

describe('What else hangs on an account', () => {
  test('SEC-A11 the keys of somebody who is switched off do not work, and work with less when they may less', async () => {
    await freshen(at, ada)
    const cleo = await addGuest(at, ada.browser, { username: 'cleo', role: 'admin' })
    const { secret } = await cleo.browser.must<{ secret: string }>('POST', '/api/keys', {
      ...{ name: 'Script', scopes: ['users.view', 'cameras.view'], expiresInDays: null },
    })
    const ask = async (): Promise<string> => {
      const answer = await at.browser().call('GET', '/api/people', undefined, { 'x-api-key': secret })
      return answer.status === 200 ? '200' : `${answer.status} ${String(codeOf(answer))}`
    }
    assert.equal(await ask(), '200')
    await ada.browser.must('PATCH', `/api/people/${cleo.user.id}`, { role: 'viewer' })
    assert.equal(await ask(), '403 PERMISSION_DENIED')
    await ada.browser.must('PATCH', `/api/people/${cleo.user.id}`, { role: 'admin' })
    assert.equal(await ask(), '200')
    await ada.browser.must('PATCH', `/api/people/${cleo.user.id}`, { active: false })
    assert.equal(await ask(), '401 API_KEY_INVALID')
  })

  test('SEC-A3 an imported bcrypt password works once as it is and is argon2id afterwards', async () => {
    const passwordHash = '$2b$12$abcdefghijklmnopqrstuuF73ROSCdZT.yLzSwzxyCF1dcaFBfGLS'
    await at.accounts.importUsers([{ username: 'Kasa', displayName: 'Kasa', role: 'viewer', passwordHash }])
    const stored = async (): Promise<string> =>
      (
        await at.database.writer
          .selectFrom('users')
          .select('password_hash')
          .where('username', '=', 'kasa')
          .executeTakeFirstOrThrow()
      ).password_hash
    const browser = at.browser()
    const wrong = { username: 'kasa', password: 'Wrong-Password-1!' }
    assert.equal(await refused(browser, 'POST', '/api/session', wrong), '401 SIGN_IN_FAILED')
    assert.equal(await stored(), passwordHash)
    for (let time = 0; time < 2; time++) {
      await browser.must('POST', '/api/session', { username: 'kasa', password: PASSWORD })
      assert.match(await stored(), /^\$argon2id\$/)
    }
    assert.equal((await readAudit(at, 'user_imported')).length, 1)
  })
})

describe('SEC-A2 a password that was read before it was changed', () => {
  test('is not put back by what began earlier', async () => {
    const at = await startAccess()
    await setUpOwner(at)
    await addPerson(at, 'eli', 'viewer')
    const { database, clock, settings } = at
    const passwords = createPasswords({ database, clock, settings, hasher: createPasswordHasher() })
    const before = await findUserByName(database.reader, 'eli')
    assert.ok(before)
    const [first, second] = [
      await passwords.prepare('Karussell-7-Birne-Dach', before),
      await passwords.prepare('Leiter-3-Wolke-Mond', before),
    ]
    await database.transaction((trx) => passwords.replace(trx, before, first))
    const late = database.transaction((trx) => passwords.replace(trx, before, second))
    await assert.rejects(late, { code: 'PASSWORD_CHANGED' })
    assert.equal((await findUserByName(database.reader, 'eli'))?.passwordHash, first.hash)
    await at.stop()
  })
})

describe('SEC-A10 a role that is gone', () => {
  test('permits nothing, and signs nobody in to more than that', async () => {
    const at = await startAccess()
    await setUpOwner(at)
    await addPerson(at, 'lost', 'viewer')
    await at.database.writer.updateTable('users').set({ role: 'no-such-role' }).where('username', '=', 'lost').execute()
    const browser = at.browser()
    const { user } = await browser.must<{ user: Person }>('POST', '/api/session', {
      username: 'lost',
      password: PASSWORD,
    })
    assert.deepEqual(user.permissions, [])
    assert.equal(await refused(browser, 'GET', '/api/people'), '403 PERMISSION_DENIED')
    await at.stop()
  })
})
