import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { createAdmin, type Admin, type AdminDeps } from '../../appliance/src/admin/index.ts'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import type { AuditEvent } from '../../appliance/src/audit/types.ts'
import { createLog, levelOf } from '../../appliance/src/core/log.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { person, startServer, tokenOf, type Harness, type Reply } from '../http/harness.ts'

const KEY = 'a-key-of-the-administrator'
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

interface Box {
  at: Harness
  admin: Admin
  notes: AuditEvent[]
  lines: string[]
  log: ReturnType<typeof createLog>
  ask(path: string, key?: string, options?: Parameters<Harness['ask']>[1]): Promise<Reply>
}

async function start(changes: Partial<AdminDeps> = {}): Promise<Box> {
  const [notes, lines]: [AuditEvent[], string[]] = [[], []]
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } })
  const admin = createAdmin({
    ...{ enabled: true, key: KEY, clock: systemClock, log, version: '1.2.3', streams: () => 2 },
    note: (event) => void notes.push(event),
    ...changes,
  })
  const at = await startServer(admin.routes, admin.checkKey ? { checkAdminKey: admin.checkKey } : {})
  at.people.set(tokenOf('root'), person('root', PERMISSIONS, { freshUntil: Number.MAX_SAFE_INTEGER }))
  at.people.set('key-of-a-program', person('program', PERMISSIONS, { kind: 'api-key' }))
  await admin.start()
  stops.push(
    () => at.stop(),
    () => admin.stop(),
  )
  const ask: Box['ask'] = (path, key, options = {}) =>
    at.ask(path, { ...options, headers: { ...options.headers, ...(key !== undefined && { 'X-Admin-API-Key': key }) } })
  return { at, admin, notes, lines, log, ask }
}

describe('SEC-A13 the admin endpoints', () => {
  test('do not exist unless both switches and the key are there', async () => {
    for (const off of [{ enabled: false }, { key: undefined }]) {
      const { ask, admin } = await start(off)
      assert.deepEqual([admin.routes, admin.checkKey], [[], undefined])
      for (const path of ['/api/admin/runtime', '/api/admin/log-level']) {
        const reply = await ask(path, KEY, { as: 'root' })
        assert.deepEqual([reply.status, reply.json().error_code], [404, 'NOT_FOUND'])
      }
    }
  })

  test('tell how the process is', async () => {
    const { ask } = await start()
    const reply = (await ask('/api/admin/runtime', KEY)).json()
    assert.deepEqual(
      [reply.version, reply.node, reply.streams, reply.logLevel],
      ['1.2.3', process.versions.node, 2, 'info'],
    )
    for (const name of ['uptimeS', 'rssMb', 'heapUsedMb', 'eventLoopP99Ms'])
      assert.ok(Number(reply[name]) >= 0, `${name}: ${String(reply[name])}`)
    assert.ok(Number(reply.rssMb) > 10)
  })

  test('change how much is logged, in every part, and nothing that is no level', async () => {
    const { ask, log, lines } = await start()
    const child = log.child({ part: 'cameras' })
    const set = (level: unknown): Promise<Reply> => ask('/api/admin/log-level', KEY, { method: 'PUT', send: { level } })
    assert.equal((await set('debug')).status, 200)
    child.debug('heard')
    assert.ok(lines.some((line) => line.includes('heard')))
    for (const wrong of ['loud', '', null, 10]) assert.equal((await set(wrong)).status, 400)
    assert.equal(levelOf(log), 'debug')
  })

  test('are opened by their key alone: no cookie, no API key of a program, no key in the address', async () => {
    const { ask, at } = await start()
    const unlocked = async (key?: string, options?: Parameters<Harness['ask']>[1]): Promise<unknown> => {
      const reply = await ask('/api/admin/runtime', key, options)
      return [reply.status, reply.json().error_code]
    }
    const refused = [401, 'ADMIN_KEY_INVALID']
    assert.deepEqual(await unlocked(undefined, { as: 'root' }), refused)
    assert.deepEqual(await unlocked(undefined, { headers: { 'X-API-Key': 'key-of-a-program' } }), refused)
    assert.deepEqual(
      await unlocked(undefined, { headers: { 'X-API-Key': KEY, authorization: `Bearer ${KEY}` } }),
      refused,
    )
    assert.deepEqual(await unlocked(`${KEY}x`), refused)
    const reply = await at.ask(`/api/admin/runtime?key=${KEY}`)
    assert.deepEqual([reply.status, reply.json().error_code], [400, 'API_KEY_IN_QUERY'])
  })

  test('limit who guesses, right key or not', async () => {
    const { ask } = await start()
    const statuses: number[] = []
    for (let index = 0; index < 6; index++) statuses.push((await ask('/api/admin/runtime', `wrong-${index}`)).status)
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429])
    const late = await ask('/api/admin/runtime', KEY)
    assert.equal(late.status, 429)
    assert.ok(Number(late.headers['retry-after']) > 0)
  })

  test('put every use and every refusal into record and log, and neither holds a key', async () => {
    const { ask, notes, lines, at } = await start()
    await ask('/api/admin/runtime', KEY)
    await ask('/api/admin/log-level', KEY, { method: 'PUT', send: { level: 'debug' } })
    await ask('/api/admin/runtime', 'hunter2')
    assert.deepEqual(
      notes.map(({ type, severity, resource, details }) => [type, severity, resource, details]),
      [
        ['admin_endpoint_used', 'WARNING', 'runtime', {}],
        ['admin_endpoint_used', 'WARNING', 'log-level', { level: 'debug' }],
        ['admin_endpoint_used', 'ERROR', undefined, { refused: true }],
      ],
    )
    assert.ok(notes.every(({ address }) => address === '127.0.0.1'))
    const said = [...lines, ...at.logLines].join('')
    for (const phrase of ['Admin endpoint used', 'Admin endpoint refused']) assert.ok(said.includes(phrase))
    for (const secret of [KEY, 'hunter2']) assert.ok(!JSON.stringify({ notes, said }).includes(secret))
  })

  test('before the box is set up they are closed like everything else', async () => {
    const { ask, at } = await start()
    at.setupDone = false
    assert.equal((await ask('/api/admin/runtime', KEY)).status, 503)
  })
})
