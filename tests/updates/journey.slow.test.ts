// Through the real door: the whole product on a box whose RAUC and systemctl are stand-ins behind the real host agent.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import type { Updates } from '../../appliance/src/api/updates.ts'
import { runCli } from '../../appliance/src/cli/run.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { settleUpdate } from '../../appliance/src/updates/index.ts'
import { leftBehind } from '../../appliance/src/updates/left-behind.ts'
import { bundle, createFakeBox, type FakeBox } from '../fakes/box.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'
import { addPerson, PASSWORD, setUpAdministrator, startWholeHome, type WholeHome } from '../security/whole-home.ts'

let box: FakeBox
let at: WholeHome
let browser: HttpsClient
let secret: string
let boots = 0
let startAt = 0

/** The box starts: the system of `slot` runs, as after a restart of the machine. */
async function boot(slot: 'A' | 'B', primary: 'A' | 'B'): Promise<void> {
  box.start(slot, primary)
  boots += 1
  // Codes that were used once are not taken again: the time goes on.
  startAt = Math.max(Date.now(), startAt, boots > 1 ? at.clock.now() : 0) + 60_000
  const { host, dataDir } = box
  at = await startWholeHome(
    {},
    {
      ...{ host, dataDir, startAt },
      beforeOpening: (clock) =>
        settleUpdate({
          ...{ dataDir, databaseFile: join(dataDir, 'lares.db'), version: '0.1.0', host, clock, log: silentLog() },
          bootId: `boot-${boots}`,
        }),
    },
  )
}

async function bootAndSignIn(slot: 'A' | 'B', primary: 'A' | 'B'): Promise<void> {
  await at.stop()
  await boot(slot, primary)
  browser = at.browser()
  const code = totpCode(secret, at.clock.now())
  await browser.must('POST', '/api/session', { username: 'ada', password: PASSWORD, code })
}

const read = (): Promise<Updates> => browser.must<Updates>('GET', '/api/updates')

async function until(phase: Updates['phase'], moveMs = 0): Promise<Updates> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const now = await read()
    if (now.phase === phase && now.progress === null) return now
    if (moveMs > 0) await at.clock.advance(moveMs)
    await soon(10)
  }
  throw new Error(`It never became ${phase}: ${JSON.stringify(await read())}`)
}

async function upload(content: Buffer, fileName = 'lares-0.3.0-rpi-arm64.raucb'): Promise<void> {
  await browser.must('POST', '/api/updates/upload', { fileName, sizeBytes: content.length })
  const half = Math.ceil(content.length / 2)
  for (const offset of [0, half]) {
    const data = content.subarray(offset, offset + half).toString('base64')
    await browser.must('PUT', '/api/updates/upload', { offset, data })
  }
}

const recordFile = (): string => join(box.dataDir, 'updates/update.json')

/** What the system before wrote down, so that how fast this machine is at the moment decides nothing. */
function detectorTookBefore(ms: number): void {
  const text = readFileSync(recordFile(), 'utf8')
  writeFileSync(recordFile(), text.replace(/"detectorMs": [\w.]+/, `"detectorMs": ${ms}`))
  assert.notEqual(readFileSync(recordFile(), 'utf8'), text)
}

const codeOf = (answer: Answer): string => answer.json<{ error_code: string }>().error_code
const verify = (body: object = {}) => browser.call('POST', '/api/updates/verify', body)

async function installAndRestart(version: string): Promise<void> {
  await upload(bundle(version))
  assert.equal((await verify()).status, 200)
  await browser.must('POST', '/api/updates/install', {})
  await until('installed')
  assert.equal((await browser.must<Updates>('POST', '/api/updates/restart', { when: 'now' })).phase, 'restarting')
}

/** As `confirm-boot` asks. */
async function answers(): Promise<{ code: number; said: string }> {
  const said: string[] = []
  const port = new URL(at.origin).port
  const code = await runCli({
    argv: ['answers', '--after-update', '--data', box.dataDir, '--host', '127.0.0.1', '--https-port', port],
    ...{ env: {}, clock: systemClock, print: (text) => said.push(text), complain: (text) => said.push(text) },
  })
  return { code, said: said.join('\n') }
}

const addKey = (name: string) =>
  browser.must('POST', '/api/keys', { name, scopes: ['devices.view'], expiresInDays: null })
const keyNames = async (): Promise<string[]> =>
  (await browser.must<{ keys: { name: string }[] }>('GET', '/api/keys')).keys.map(({ name }) => name)

/** Names of API keys in each database that a failed system left, oldest first. */
function keysLeftBehind(): string[][] {
  const folder = join(box.dataDir, 'updates')
  const files = leftBehind(readdirSync(folder)).map(([file]) => file ?? '')
  return files.reverse().map((file) => {
    const database = new DatabaseSync(join(folder, file))
    const rows = database.prepare('select name from api_keys order by created_at').all()
    database.close()
    return rows.map(({ name }) => String(name))
  })
}

before(async () => {
  box = await createFakeBox()
  await boot('A', 'A')
  const admin = await setUpAdministrator(at)
  browser = admin.browser
  secret = admin.totpSecret ?? ''
})
after(async () => {
  await at.stop()
  await box.close()
})

describe('a bundle that may not be', () => {
  test('SEC-F3 is refused with the reason, and nothing of it stays', async () => {
    const cases: [Buffer, string][] = [
      [bundle('0.3.0', { signed: false }), 'UPDATE_UNSIGNED'],
      [bundle('0.3.0', { compatible: 'somebody-elses-box' }), 'UPDATE_OTHER_BOX'],
    ]
    for (const [content, code] of cases) {
      await upload(content)
      const answer = await verify()
      assert.equal(answer.status, 400)
      assert.equal(codeOf(answer), code)
      const now = await read()
      assert.deepEqual(
        { phase: now.phase, bundle: now.bundle, waiting: now.waiting },
        { phase: 'idle', bundle: null, waiting: [] },
      )
    }
    assert.ok(!box.calls().some((call) => call.includes(' install ')))
  })

  test('an older one is taken only when somebody says so, and a half one not at all', async () => {
    await upload(bundle('0.1.9'))
    assert.equal(codeOf(await verify()), 'UPDATE_OLDER')
    assert.equal((await verify({ olderToo: true })).status, 200)
    assert.equal((await read()).phase, 'verified')
    await browser.must('DELETE', '/api/updates/bundle')
    await browser.must('POST', '/api/updates/upload', { fileName: 'x.raucb', sizeBytes: 100 })
    assert.equal(codeOf(await verify()), 'UPLOAD_INCOMPLETE')
    await browser.must('DELETE', '/api/updates/bundle')
  })

  test('SEC-A10 only who may change the system gets near it', async () => {
    const viewer = await addPerson(at, browser, 'viewer', 'vera')
    for (const [method, path] of [
      ['POST', '/api/updates/install'],
      ['POST', '/api/box/factory-reset'],
      ['POST', '/api/box/power-off'],
    ] as const)
      assert.equal((await viewer.browser.call(method, path, {})).status, 403, path)
    assert.equal((await viewer.browser.call('GET', '/api/updates')).status, 403)
  })
})

describe('an update', () => {
  test('that has no room says so and can be tried again', async () => {
    await upload(bundle('0.3.0', { line: 'NO-SPACE' }))
    await verify()
    await browser.must('POST', '/api/updates/install', {})
    for (let attempt = 0; attempt < 200 && (await read()).problem === null; attempt++) await soon(10)
    const { phase, problem } = await until('verified')
    assert.deepEqual({ phase, problem }, { phase: 'verified', problem: 'There is no room for the new system.' })
  })

  test('that works: tried, judged by its own, and kept once it is the first system', async () => {
    await addKey('before')
    await installAndRestart('0.3.0')
    detectorTookBefore(100_000)
    assert.match(box.calls().at(-1) ?? '', /reboot --reboot-argument=0 tryboot$/)
    await bootAndSignIn('B', 'A')
    assert.equal((await until('proven', 1_000)).slot, 'B')
    assert.deepEqual(await answers(), { code: 0, said: 'Lares answers, and the update works.' })
    box.start('B')
    const now = await until('done', 2_000)
    assert.deepEqual(
      now.history.map(({ to, outcome }) => `${to} ${outcome}`),
      ['0.3.0 done'],
    )
    assert.equal(now.version, '0.3.0')
    assert.deepEqual(await keyNames(), ['before'])
    assert.deepEqual(await answers(), { code: 0, said: 'Lares answers. No update is on trial.' })
  })

  test('that is worse is taken back, with the database of before and a word on what is lost', async () => {
    await installAndRestart('0.4.0')
    detectorTookBefore(0.01)
    await bootAndSignIn('A', 'B')
    await addKey('meanwhile')
    // What only a newer version would know how to read.
    await at.home.database.transaction((trx) =>
      trx
        .insertInto('schema_migrations' as never)
        .values({ name: '9999-newer', applied_at: 1 } as never)
        .execute(),
    )
    assert.equal((await read()).phase, 'proving')
    for (let minute = 0; minute < 6; minute++) await at.clock.advance(60_000)
    for (let attempt = 0; attempt < 200 && !/"verdict": {/.test(readFileSync(recordFile(), 'utf8')); attempt++) {
      await at.clock.advance(2_000)
      await soon(10)
    }
    const { code, said } = await answers()
    assert.equal(code, 1)
    assert.match(said, /The update does not work: the detector (takes \d+ ms for a picture instead of 0|does not look)/)

    await bootAndSignIn('B', 'B')
    const now = await read()
    assert.equal(now.phase, 'rolled-back')
    assert.match(now.history[0]?.reason ?? '', /The new system was worse: the detector /)
    assert.match(now.history[0]?.lost ?? '', /\d+ entries of the record.*left-by-0\.4\.0-\d+T\d+\.db/)
    assert.deepEqual(await keyNames(), ['before'], 'the key made meanwhile is gone, the one of before is back')
    assert.deepEqual(keysLeftBehind(), [['before', 'meanwhile']])
    const { notices } = await browser.must<{ notices: { id: string; title: string; detail: string }[] }>(
      'GET',
      '/api/health',
    )
    const notice = notices.find(({ id }) => id === 'updates.rolled-back')
    assert.equal(notice?.title, 'Update 0.4.0 did not prove itself')
    assert.match(notice?.detail ?? '', /0\.3\.0 runs again/)
    const { entries } = await browser.must<{ entries: unknown[] }>('GET', '/api/audit?type=update_rolled_back')
    assert.equal(entries.length, 1)
    assert.deepEqual((await answers()).code, 0)
    await browser.must('POST', '/api/updates/seen', {})
    assert.equal((await read()).phase, 'idle')
  })

  test('of the same version that fails again leaves its own, and what the first one left stays', async () => {
    await installAndRestart('0.4.0')
    await bootAndSignIn('A', 'B')
    await addKey('meanwhile again')
    await bootAndSignIn('B', 'B')
    assert.equal((await read()).phase, 'rolled-back')
    assert.deepEqual(await keyNames(), ['before'])
    assert.deepEqual(keysLeftBehind(), [
      ['before', 'meanwhile'],
      ['before', 'meanwhile again'],
    ])
    await browser.must('POST', '/api/updates/seen', {})
  })

  test('that never starts is taken back without touching the database', async () => {
    await installAndRestart('0.5.0')
    await addKey('just before')
    await bootAndSignIn('B', 'B')
    const { phase, history } = await read()
    assert.equal(phase, 'rolled-back')
    assert.equal(history[0]?.reason, 'The new system did not start.')
    assert.ok((await keyNames()).includes('just before'))
  })

  test('waits for three at night when asked, and is forgotten by a restart in between', async () => {
    await upload(bundle('0.6.0'))
    await verify()
    await browser.must('POST', '/api/updates/install', {})
    await until('installed')
    const { restartAt } = await browser.must<Updates>('POST', '/api/updates/restart', { when: 'tonight' })
    assert.equal(new Date(restartAt ?? 0).toLocaleTimeString('de', { timeZone: 'Europe/Berlin' }), '03:00:00')
    await bootAndSignIn('B', 'B')
    const now = await read()
    assert.equal(now.phase, 'verified')
    assert.match(now.problem ?? '', /restarted meanwhile/)
  })
})

describe('the box itself', () => {
  test('a factory reset wants the name of the home', async () => {
    const wrong = await browser.call('POST', '/api/box/factory-reset', { homeName: 'House' })
    assert.equal(codeOf(wrong), 'HOME_NAME_WRONG')
    assert.equal(box.has('data/.factory-reset'), false)
    await browser.must('POST', '/api/box/factory-reset', { homeName: 'Home' })
    assert.equal(box.has('data/.factory-reset'), true)
    assert.equal(box.calls().at(-1), 'systemctl --no-block reboot')
  })
})
