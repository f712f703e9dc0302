import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { BOOT_VARIABLES } from '../../appliance/src/boot-config.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openDatabase } from '../../appliance/src/db/index.ts'
import { startProduct, withoutOurs } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'

const MAIN = fileURLToPath(new URL('../../appliance/src/main.ts', import.meta.url))

interface End {
  code: number | null
  output: string
}

/** Starts the product as a person does, in a way that ends by itself, and waits for that. */
function failToStart(args: readonly string[], env: Record<string, string> = {}): Promise<End> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, '--host', '127.0.0.1', ...args], {
      env: { ...withoutOurs(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (chunk: Buffer): void => void (output += chunk.toString())
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const limit = setTimeout(() => child.kill('SIGKILL'), 15_000)
    child.on('close', (code) => {
      clearTimeout(limit)
      resolve({ code, output })
    })
  })
}

describe('a start that cannot be', () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'lares-start-'))
  })
  after(() => rm(root, { recursive: true, force: true }))
  const free = ['--https-port', '0', '--http-port', '0', '--log-level', 'warn']

  /** One sentence for the person, no stack, exit code 1. */
  const plainly = ({ code, output }: End, words: RegExp): void => {
    assert.equal(code, 1, output)
    assert.match(output, words)
    assert.doesNotMatch(output, /\n\s+at |Error:|node:internal/)
  }

  test('a misspelt variable stops it before anything is made', async () => {
    plainly(
      await failToStart(['--data', join(root, 'a'), ...free], { LARES_HTTPS_PROT: '1' }),
      /Unknown setting LARES_HTTPS_PROT/,
    )
    await assert.rejects(stat(join(root, 'a')))
  })

  test('a variable that cannot be, or asks for what is unsafe, before anything is made; its value is never shown', async () => {
    const cannot: [Record<string, string>, RegExp][] = [
      [{ SESSION_TIMEOUT_MINUTES: 'soon' }, /^SESSION_TIMEOUT_MINUTES cannot be used: /m],
      [{ DEBUG: 'true', ADMIN_ENABLED: '1' }, /ADMIN_API_KEY is not set/],
      [{ API_KEYS: 'hunter2' }, /^API_KEYS: the key of entry 1 is shorter/m],
      [{ JWT_SECRET_KEY_FILE: join(root, 'nowhere') }, /^JWT_SECRET_KEY_FILE names .*, which is not there/m],
    ]
    for (const [env, words] of cannot) {
      const end = await failToStart(['--data', join(root, 'variables'), ...free], env)
      plainly(end, words)
      assert.doesNotMatch(end.output, /hunter2/)
      await assert.rejects(stat(join(root, 'variables')))
    }
  })

  test('a taken port', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const args = ['--data', join(root, 'port'), '--https-port', String(port), '--http-port', '0', '--log-level', 'warn']
    const end = await failToStart(args)
    taken.close()
    plainly(end, new RegExp(`^Port ${port} for the app is taken`, 'm'))
    // The detector was just opening its model; that this ended too is no fault of the model.
    assert.doesNotMatch(end.output, /Model not usable/)
  })

  test('a database of a newer version, and a damaged one; both stay as they are', async () => {
    const dataDir = join(root, 'newer')
    await (await openDatabase({ file: join(await makeFolder(dataDir), 'lares.db'), log: silentLog() })).close()
    await writeFile(join(dataDir, 'secret.key'), Buffer.alloc(32, 3).toString('base64url'))
    const database = await openDatabase({ file: join(dataDir, 'lares.db'), log: silentLog() })
    await sql`insert into schema_migrations values ('9999-future', 1)`.execute(database.writer)
    await database.close()
    plainly(await failToStart(['--data', dataDir, ...free]), /written by a newer version of Lares/)
    await writeFile(join(dataDir, 'lares.db'), 'no database '.repeat(1_000))
    plainly(await failToStart(['--data', dataDir, ...free]), /is damaged\. Nothing was changed/)
    assert.equal((await stat(join(dataDir, 'lares.db'))).size, 12_000)
  })

  test('a second server on the same folder; the first goes on, and ends cleanly on SIGTERM', async () => {
    const first = await startProduct()
    try {
      plainly(await failToStart(['--data', first.dataDir, ...free]), /Another Lares is already running/)
      assert.equal((await first.client().call('GET', '/api/live')).status, 200)
    } finally {
      const left = first.dataDir
      assert.equal(await first.stop(), 0)
      await assert.rejects(readdir(left))
    }
  })
})

async function makeFolder(folder: string): Promise<string> {
  const { prepareDataFolder } = await import('../../appliance/src/core/data-folder.ts')
  await prepareDataFolder(folder)
  return folder
}

describe('a start that works', () => {
  test('SEC-A13 with the switches and the key there are admin endpoints; what is unsafe is said outside production', async () => {
    const key = 'a-key-of-the-administrator'
    const switches = { DEBUG: 'true', ADMIN_ENABLED: 'true', ENVIRONMENT: 'development' }
    const box = await startProduct({ env: { ...switches, ADMIN_API_KEY: key, API_KEYS: 'hunter2' } })
    try {
      await setUpHome(box.client(), box.setupCode ?? '')
      const runtime = (headers: Record<string, string>) =>
        box.client().call('GET', '/api/admin/runtime', undefined, headers)
      const told = (await runtime({ 'x-admin-api-key': key })).json()
      assert.ok(Number(told.eventLoopP99Ms) >= 0 && Number(told.rssMb) > 20, JSON.stringify(told))
      assert.equal((await runtime({})).status, 401)
      assert.match(box.output(), /API_KEYS: the key of entry 1 is shorter/)
      assert.match(box.output(), /The admin endpoints are switched on/)
      assert.ok(!box.output().includes('hunter2') && !box.output().includes(key))
      assert.equal((await box.client().call('GET', '/api/plugs', undefined, { 'x-api-key': 'hunter2' })).status, 200)
    } finally {
      await box.stop()
    }
  })

  test('--help says what there is and makes nothing', async () => {
    const dataDir = join(tmpdir(), `lares-help-${process.pid}`)
    const { code, output } = await failToStart(['--data', dataDir, '--help'])
    assert.equal(code, 0)
    for (const { flag } of Object.values(BOOT_VARIABLES)) assert.ok(output.includes(`--${flag} `), flag)
    await assert.rejects(stat(dataDir))
  })

  test('only the owner may read what it stores; the next start answers HTTPS at once; kill -9 blocks nothing', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'lares-again-'))
    try {
      const first = await startProduct({ dataDir })
      for (const name of ['lares.db', 'secret.key'])
        assert.equal((await stat(join(dataDir, name))).mode & 0o077, 0, name)
      await first.kill()
      const startedAt = performance.now()
      const second = await startProduct({ dataDir })
      const reply = await second.client().call('GET', '/api/setup')
      const tookMs = performance.now() - startedAt
      assert.equal(reply.status, 200)
      assert.equal(second.setupCode, first.setupCode)
      // No figure of merit (that is the bench): only that nothing waits for a time-out of the killed server.
      assert.ok(tookMs < 15_000, `${Math.round(tookMs)} ms`)
      assert.equal((await second.client().call('GET', '/api/cameras')).json().error_code, 'SETUP_REQUIRED')
      assert.equal(await second.stop(), 0)
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
