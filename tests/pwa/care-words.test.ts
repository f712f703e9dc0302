// What the pages that look after others say and take, without a browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { allSettings } from '../../appliance/src/all-settings.ts'
import type { AuditEntry } from '../../appliance/src/api/audit.ts'
import { PERMISSIONS, ROLES, needsSecondFactor } from '../../appliance/src/api/permissions.ts'
import type { AuditType } from '../../appliance/src/audit/types.ts'
import { curlLine } from '../../pwa/src/pages/keys/curl.ts'
import { allowed, barsTo } from '../../pwa/src/pages/people/bars.ts'
import { sentenceOf } from '../../pwa/src/pages/record/sentence.ts'
import {
  answersTo,
  boundWords,
  draftOf,
  editorOf,
  parseDraft,
  valueWords,
} from '../../pwa/src/pages/settings/schema.ts'
import type { Draft } from '../../pwa/src/pages/settings/schema.ts'
import { keysText } from '../../pwa/src/text/en/keys.ts'
import { permissionsText, rolesText } from '../../pwa/src/text/en/people.ts'
import { recordText } from '../../pwa/src/text/en/record.ts'
import { makePerson } from './home-access.ts'

test('SEC-A10 every permission and every fixed role has its plain words, once', () => {
  const listed = permissionsText.areas.flatMap(({ of }) => of)
  assert.deepEqual([...listed].sort(), [...PERMISSIONS].sort())
  assert.equal(new Set(listed.map((each) => permissionsText.words[each])).size, PERMISSIONS.length)
  for (const role of ROLES) assert.ok(rolesText.names[role] && rolesText.explained[role], role)
  assert.ok(!needsSecondFactor(keysText.form.presets.find(({ id }) => id === 'look')?.scopes ?? ['data.edit']))
})

// A kind that the record learns must be learnt here too: without it this does not type-check.
const KINDS: Record<AuditType, true> = {
  ...{ login_success: true, login_failure: true, logout: true, token_refresh: true, token_reuse: true },
  ...{ session_expired: true, session_revoked: true, session_address_changed: true, session_device_changed: true },
  ...{ device_trusted: true, sudo_granted: true, password_changed: true, password_reset: true, mfa_enabled: true },
  ...{ mfa_disabled: true, recovery_codes_renewed: true, passkey_added: true, passkey_removed: true },
  ...{ user_created: true, user_imported: true, user_updated: true, user_deactivated: true, user_activated: true },
  ...{ user_deleted: true, invitation_created: true, invitation_withdrawn: true, role_created: true },
  ...{ role_updated: true, role_deleted: true, api_key_created: true, api_key_rotated: true, api_key_revoked: true },
  ...{ signing_key_rotated: true, setting_changed: true, permission_denied: true, rate_limit_exceeded: true },
  ...{ incident_reviewed: true, review_undone: true, feedback_forgotten: true },
  ...{
    origin_refused: true,
    admin_endpoint_used: true,
    network_changed: true,
    mode_changed: true,
    mode_options_changed: true,
  },
  ...{ presence_device_added: true, presence_device_removed: true, alert_rule_created: true },
  ...{ alert_rule_updated: true, alert_rule_deleted: true, alert_options_changed: true },
  ...{ ftp_password_created: true },
  ...{ model_added: true, model_chosen: true, model_rolled_back: true, model_removed: true },
  ...{ tls_changed: true, certificate_renewed: true },
  ...{ client_certificate_issued: true, client_certificate_revoked: true },
  ...{ remote_access_changed: true, remote_config_downloaded: true },
  ...{ remote_peer_added: true, remote_peer_removed: true },
  ...{ device_added: true, device_updated: true, device_removed: true, device_switched: true },
  camera_zones_changed: true,
  ...{ plug_account_added: true, plug_account_removed: true },
  ...{ update_installed: true, update_begun: true, update_done: true, update_rolled_back: true },
  ...{ box_restarted: true, box_powered_off: true, factory_reset: true, backup_restored: true },
}

const entry = (change: Partial<AuditEntry>): AuditEntry => ({
  ...{ id: 'e', at: 0, type: 'login_success', severity: 'INFO', userId: 'u1', username: 'ada', role: 'admin' },
  ...{ address: '192.168.1.20', userAgent: null, sessionId: null, resource: null, details: {} },
  ...change,
})
const NAMES = new Map([
  ['u1', 'Ada'],
  ['u2', 'Ben'],
  ['r1', 'Neighbour'],
])

test('SEC-E2 the record speaks of people by name', () => {
  const say = (change: Partial<AuditEntry>) => sentenceOf(entry(change), NAMES)
  assert.equal(say({}), 'Ada signed in from 192.168.1.20')
  assert.equal(say({ userId: 'u9', username: 'carl', address: null }), 'carl signed in')
  assert.equal(say({ type: 'user_updated', resource: 'user:u2' }), 'Ada changed the account of Ben')
  assert.equal(say({ type: 'user_updated', resource: 'user:u1' }), 'Ada changed their own account')
  assert.equal(say({ type: 'user_deleted', resource: 'user:u7' }), 'Ada removed the account of somebody who is gone')
  assert.equal(say({ type: 'role_updated', resource: 'role:r1' }), 'Ada changed the role Neighbour')
  assert.equal(say({ type: 'role_deleted', resource: 'role:r7' }), 'Ada removed a role')
  assert.equal(say({ type: 'setting_changed', resource: 'setting:home.name' }), 'Ada changed the setting home.name')
  const nobody = { userId: null, username: null, type: 'login_failure' }
  assert.equal(say({ ...nobody, resource: 'user:u2' }), 'Sign-in refused for Ben from 192.168.1.20')
  assert.equal(say({ ...nobody, address: null }), 'Sign-in refused for an unknown name')
  assert.equal(say({ type: 'of_tomorrow' }), 'Something happened: of_tomorrow')
})

test('SEC-E2 every kind of entry has a sentence and stands in the filter, whatever the entry lacks', () => {
  const inFilter = recordText.groups.flatMap(({ of }) => of)
  assert.deepEqual(Object.keys(recordText.kinds).sort(), Object.keys(KINDS).sort())
  assert.deepEqual([...inFilter].sort(), Object.keys(KINDS).sort())
  const maybe = (text: string) => fc.option(fc.constant(text), { nil: null })
  const some = fc.record({
    type: fc.constantFrom(...Object.keys(KINDS)),
    userId: maybe('u1'),
    username: maybe('ada'),
    address: maybe('10.0.0.1'),
    resource: fc.constantFrom(null, 'user:u1', 'user:u2', 'user:u9', 'role:r1', 'api-key:k', 'odd', 'setting:a.b', ':'),
  })
  fc.assert(
    fc.property(some, (change) => {
      const words = sentenceOf(entry(change), NAMES)
      assert.match(words, /^[A-Z]?[\w].*\w$/)
      assert.doesNotMatch(words, /null|undefined|u9|\s\s/)
    }),
  )
})

test('every setting of the box has an editor that gives back what it is shown', () => {
  for (const { key, schema, initial, secret } of allSettings) {
    const editor = editorOf(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Record<string, unknown>)
    assert.ok(valueWords(initial).length > 0, key)
    if (secret) continue
    const parsed = parseDraft(editor, draftOf(editor, initial))
    assert.deepEqual(parsed, { ok: true, value: initial }, key)
  }
})

test('what passes the editor of a number passes its schema, and the other way round', () => {
  const range = fc.record({ a: fc.integer({ min: -500, max: 500 }), b: fc.integer({ min: -500, max: 500 }) })
  fc.assert(
    fc.property(range, fc.boolean(), fc.double({ noNaN: true, min: -600, max: 600 }), ({ a, b }, whole, value) => {
      const schema = (whole ? z.int() : z.number()).min(Math.min(a, b)).max(Math.max(a, b))
      const editor = editorOf(z.toJSONSchema(schema) as Record<string, unknown>)
      for (const typed of [value, Math.round(value)]) {
        assert.equal(parseDraft(editor, String(typed)).ok, schema.safeParse(typed).success, String(typed))
      }
    }),
  )
  const editor = editorOf(z.toJSONSchema(z.number().positive().max(10)) as Record<string, unknown>)
  assert.deepEqual(parseDraft(editor, ' 1,5 '), { ok: true, value: 1.5 })
  for (const bad of ['', ' ', 'ten', '1e999', 'NaN', '11']) assert.ok(!parseDraft(editor, bad).ok, bad)
})

test('no schema and no typing breaks the settings page', () => {
  const schema = fc.dictionary(
    fc.constantFrom('type', 'anyOf', 'enum', 'items', 'minimum', 'maximum', 'maxLength'),
    fc.oneof(
      fc.json().map((text) => JSON.parse(text) as unknown),
      fc.constantFrom('string', 'integer', 'array', 'boolean'),
    ),
  )
  fc.assert(
    fc.property(schema, fc.anything(), fc.string(), (of, value, typed) => {
      const editor = editorOf(of)
      const draft: Draft = editor.kind === 'switch' ? draftOf(editor, value) : typed
      const parsed = parseDraft(editor, draft)
      if (!parsed.ok) assert.ok(parsed.words.length > 0)
    }),
  )
  assert.deepEqual(editorOf({ anyOf: [{ type: 'string' }, { type: 'null' }] }), {
    ...{ kind: 'text', least: 0, most: null, optional: true },
  })
  assert.deepEqual(parseDraft({ kind: 'lines' }, ' 10.0.0.0/8 \n\n'), { ok: true, value: ['10.0.0.0/8'] })
  assert.equal(boundWords(1, 50), 'From 1 to 50')
  assert.ok(answersTo('DAYS  pass', 'accounts.passwordMaxAgeDays', null))
  assert.ok(!answersTo('days plug', 'accounts.passwordMaxAgeDays'))
})

test('SEC-A10 what the box would refuse is not offered on a person’s page', () => {
  const ada = makePerson('Ada', 'admin')
  const ben = makePerson('Ben', 'operator')
  const manager = makePerson('Mia', 'operator', { permissions: [...ben.permissions, 'users.view', 'users.edit'] })
  const all = [ada, ben, manager]
  assert.equal(barsTo(ben, all, ada), null)
  assert.equal(barsTo(ada, all, ada), 'yourself')
  assert.equal(barsTo(ada, all, manager), 'beyond')
  assert.equal(barsTo(ada, all, ben), 'view-only')
  assert.equal(barsTo(ben, all, { ...manager, cameras: ['c1'] }), 'beyond')
  assert.equal(barsTo({ ...ben, cameras: ['c1'] }, all, { ...manager, cameras: ['c1', 'c2'] }), null)
  const other = makePerson('Eve', 'admin')
  assert.equal(barsTo(ada, [ada, other], other), null)
  assert.equal(barsTo(ada, [ada, { ...other, cameras: ['c1'] }], { ...other, id: 'somebody' }), 'last-admin')
  assert.equal(barsTo(ada, [ada, { ...other, active: false }], { ...other, id: 'somebody' }), 'last-admin')
  assert.deepEqual(allowed('last-admin'), { rename: true, changeRole: false, changeCameras: false, lookAfter: true })
  assert.deepEqual(Object.values(allowed('beyond')), [false, false, false, false])
})

test('SEC-A11 the line to try a key with asks for something that the key may', () => {
  const line = (scopes: Parameters<typeof curlLine>[2]) => curlLine('https://lares.local', 'lares_abc', scopes)
  assert.equal(
    line(['devices.view', 'incidents.view']),
    "curl --cacert lares-root.pem -H 'X-API-Key: lares_abc' https://lares.local/api/incidents",
  )
  assert.match(line(['devices.view']), /\/api\/plugs$/)
  assert.match(line(['rates.view']), /\/api\/settings\/home$/)
})
