import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createAccounts } from '../../appliance/src/accounts/index.ts'
import { runCli } from '../../appliance/src/cli/run.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { createBus } from '../../appliance/src/core/bus.ts'
import { systemClock as clock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import type { Events } from '../../appliance/src/events.ts'
import { openHome } from '../../appliance/src/open-home.ts'

const log = silentLog()

interface DoctorReport {
  healthy: boolean
  running: boolean
  sections: { title: string; findings: { state: string; words: string }[] }[]
}

async function lares(...argv: string[]): Promise<{ code: number; said: string; complained: string }> {
  const [said, complained]: [string[], string[]] = [[], []]
  const code = await runCli({
    argv,
    env: {},
    clock,
    print: (text) => said.push(text),
    complain: (text) => complained.push(text),
  })
  return { code, said: said.join('\n'), complained: complained.join('\n') }
}

let dataDir: string
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lares-cli-'))
  const home = await openHome({ dataDir, clock, log })
  const audit = createAudit({ ...home, clock, log })
  const bus = createBus<Events>(log)
  const accounts = createAccounts({ ...home, clock, log, bus, audit, clockTrusted: () => true })
  const password = await accounts.preparePassword('Correct-Horse-42-Battery', { username: 'ada', displayName: 'Ada' })
  await home.database.transaction((trx) =>
    accounts.createFirstAdministrator(trx, {
      username: 'ada',
      displayName: 'Ada',
      password,
      totpSecret: 'JBSWY3DPEHPK3PXP',
      totpStep: 1,
    }),
  )
  await home.close()
})
after(() => rm(dataDir, { recursive: true, force: true }))

describe('the lares command', () => {
  test('what is typed wrongly gets help and exit code 2', async () => {
    for (const argv of [
      [],
      ['nonsense'],
      ['models'],
      ['models', 'add'],
      ['check', 'too', 'many'],
      ['user'],
      ['check', '--dat', 'x'],
      ['version', '--json'],
    ]) {
      const { code, complained } = await lares(...argv)
      assert.equal(code, 2, argv.join(' '))
      assert.match(complained, /npm run lares -- help/)
    }
    assert.match((await lares('models')).complained, /models list, models add/)
  })

  test('help lists every command, version says which', async () => {
    const { code, said } = await lares('help')
    assert.equal(code, 0)
    for (const name of [
      'doctor [--json]',
      'models list',
      'models add',
      'models use',
      'models build-default',
      'user list',
      'user import',
      'user reset',
      'version',
    ])
      assert.ok(said.includes(`  ${name}`), name)
    assert.deepEqual(await lares('--help'), await lares('help'))
    assert.match((await lares('--version')).said, /^Lares \d+\.\d+\.\d+/)
  })

  test('a mistyped folder is not made into a new home', async () => {
    const wrong = join(dataDir, 'typo')
    for (const argv of [['check'], ['doctor'], ['user', 'reset', 'ada'], ['models', 'use', 'yolox-nano-416']]) {
      const { code, complained } = await lares(...argv, '--data', wrong)
      assert.equal(code, 1)
      assert.match(complained, /There is no database at/)
    }
    assert.ok(!readdirSync(dataDir).includes('typo'))
  })
})

describe('lares doctor', () => {
  test('SEC-F5 doctor, and check as it was called: one page, whole, then with a file too many, then damaged', async () => {
    const ports = ['--https-port', '0', '--http-port', '0']
    const whole = await lares('check', '--data', dataDir, ...ports)
    assert.equal(whole.code, 0, whole.said)
    for (const part of [
      /^Lares \d+\.\d+\.\d+, not running/,
      /Model +centernet-mb3-512 .*finds what must be found/,
      /SHA-256 [0-9a-f]{64}/,
      /✓ Processor +Would look\. \d+ ms a look/,
      /✓ ffmpeg/,
      /Cameras +None yet/,
      /✓ Disk/,
      /Database +Everything is whole\./,
      /· HTTPS port +A free one/,
      /Certificate/,
    ])
      assert.match(whole.said, part)
    assert.match(whole.said, /Checklist: production\n {2}✓ HP1 DEBUG=false +Off\./)
    assert.doesNotMatch(whole.said, /Checklist: staging/)
    await writeFile(join(dataDir, 'media', 'stray.jpg'), 'x')
    const stray = await lares('doctor', `--data=${dataDir}`, '--json', '--checklists', ...ports)
    assert.equal(stray.code, 0)
    const { healthy, running, sections } = JSON.parse(stray.said) as DoctorReport
    assert.deepEqual([healthy, running], [true, false])
    const lists = sections.filter(({ title }) => title.startsWith('Checklist: '))
    assert.deepEqual(
      lists.map(({ findings }) => findings.length),
      [4, 5, 15, 12, 14],
    )
    const storage = sections.find(({ title }) => title === 'Storage')?.findings ?? []
    assert.ok(storage.some(({ state, words }) => state === 'warning' && /stray\.jpg belongs to nothing/.test(words)))
    const missing = await lares(
      'doctor',
      '--data',
      dataDir,
      '--model',
      'yolox-s-640',
      '--ffmpeg',
      '/nowhere/ffmpeg',
      ...ports,
    )
    assert.equal(missing.code, 1)
    assert.match(missing.said, /✗ Model .*yolox-s-640.*missing/)
    assert.match(missing.said, /✗ ffmpeg .*not installed[^]*→ Install ffmpeg/)
    assert.match(missing.said, /2 problems to be solved\.$/)
  })

  test('doctor works beside a running server, and tells a taken port and a camera that is gone', async () => {
    const home = await openHome({ dataDir, clock, log })
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const now = Date.now()
    const camera = (id: string, source: object) => ({
      ...{
        id,
        name: `Camera ${id}`,
        kind: 'rtsp',
        source: JSON.stringify(source),
        credentials: null,
        enabled: 1 as const,
      },
      ...{ place: 'other', classes: '[]', created_at: now, updated_at: now },
    })
    await home.database.transaction((trx) =>
      trx
        .insertInto('cameras')
        .values([
          camera('near', { kind: 'rtsp', url: `rtsp://127.0.0.1:${port}/live` }),
          camera('gone', { kind: 'file', path: join(dataDir, 'gone.mp4') }),
        ])
        .execute(),
    )
    const ports = ['--host', '127.0.0.1', '--http-port', '0', '--https-port', String(port)]
    const beside = await lares('doctor', '--data', dataDir, ...ports)
    assert.match(beside.said, /^Lares \S+, running/)
    assert.match(beside.said, /✓ Camera near +127\.0\.0\.1:\d+ answers/)
    assert.match(beside.said, /✗ Camera gone .*gone\.mp4 is not there/)
    assert.equal(beside.code, 1)
    await home.database.transaction((trx) => trx.deleteFrom('cameras').execute())
    await home.close()
    const alone = await lares('doctor', '--data', dataDir, ...ports)
    assert.match(alone.said, /✗ HTTPS port +\d+ cannot be used \(EADDRINUSE\)/)
    taken.close()
  })
})

describe('lares and a home', () => {
  test('user reset gives a new way in, shown once; an unknown name changes nothing', async () => {
    const { code, said } = await lares('user', 'reset', 'ada', '--data', dataDir)
    assert.equal(code, 0)
    assert.match(said, /New password for ada.*: \S{12,}/)
    assert.match(said, /otpauth:\/\/totp\//)
    assert.equal((said.match(/^ {2}\S+/gm) ?? []).length, 10)
    const unknown = await lares('user', 'reset', 'nobody', '--data', dataDir)
    assert.equal(unknown.code, 1)
    assert.match(unknown.complained, /nobody/)
  })

  test('SEC-A3 user import brings people in, all or none; user list shows them and nothing that could hurt the screen', async () => {
    const file = join(dataDir, 'people.json')
    const bea = { username: 'Bea', displayName: 'Bea', role: 'viewer', passwordHash: `$2b$12$${'a'.repeat(53)}` }
    const command = ['user', 'import', file, '--data', dataDir]
    assert.match((await lares(...command)).complained, /There is no file/)
    await writeFile(file, '[{"passwordHash": "$2b$12$secret')
    const broken = await lares(...command)
    assert.deepEqual([broken.code, /is not JSON/.test(broken.complained)], [1, true])
    assert.ok(!broken.complained.includes('secret'))
    await writeFile(file, JSON.stringify([bea, { ...bea, username: 'ada' }]))
    assert.match((await lares(...command)).complained, /Person 2 of the file: the sign-in name is taken/)
    assert.ok(!(await lares('user', 'list', '--data', dataDir)).said.includes('bea'))
    await writeFile(file, JSON.stringify([bea]))
    const { code, said } = await lares(...command)
    assert.deepEqual([code, said.split('\n')[0]], [0, 'One account was imported.'])
    const list = (await lares('user', 'list', '--data', dataDir)).said.split('\n')
    assert.deepEqual(
      list.map((line) => line.split(/ {2,}/).map((part) => part.trim())),
      [
        ['ada', 'Ada', 'Administrator'],
        ['bea', 'Bea', 'Viewer, no second factor'],
      ],
    )
  })

  test('what needs the box for itself says so while it runs', async () => {
    const home = await openHome({ dataDir, clock, log })
    try {
      const { code, complained } = await lares('user', 'reset', 'ada', '--data', dataDir)
      assert.equal(code, 1)
      assert.match(complained, /Another Lares is already running/)
      assert.equal((await lares('check', '--data', dataDir)).code, 0)
    } finally {
      await home.close()
    }
  })

  test('models: a model that is not there cannot be used; a file that is none is refused', async () => {
    assert.match((await lares('models', 'list', '--data', dataDir)).said, /centernet-mb3-512/)
    assert.match((await lares('models', 'use', 'yolox-s-640', '--data', dataDir)).complained, /not installed/)
    await writeFile(join(dataDir, 'fake.onnx'), 'not a model')
    const { code, complained } = await lares('models', 'add', join(dataDir, 'fake.onnx'), '--data', dataDir)
    assert.equal(code, 1)
    assert.ok(complained.length > 10 && !/\n\s+at /.test(complained), complained)
  })
})
