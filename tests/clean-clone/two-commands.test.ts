import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort, startUntilAnswered, type Running } from './npm-start.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
// Fetching several hundred packages and building app and model, on a small machine.
const FIRST_START_LIMIT_MS = 8 * 60_000
// The figure to reach is 2 s (npm run bench start); this machine may be doing other things while it tests.
const SECOND_START_LIMIT_MS = 6_000
const PART_OF_THE_TESTS = 'tests/core'

describe('the two commands, from a clean clone with an empty home', () => {
  const place = mkdtempSync(join(tmpdir(), 'clone-'))
  const clone = join(place, 'lares')
  const home = join(place, 'home')
  const dataDir = join(place, 'data')
  let running: Running | undefined

  before(() => {
    mkdirSync(home)
    execFileSync('git', ['clone', '--quiet', `file://${repository}`, clone], { env: environment(home) })
  })
  after(async () => {
    await running?.stop()
    rmSync(place, { recursive: true, force: true })
  })

  async function npmStart(limitMs: number): Promise<Running> {
    const [httpsPort, httpPort] = [await freePort(), await freePort()]
    const ours = { LARES_DATA: dataDir, LARES_HTTPS_PORT: String(httpsPort), LARES_HTTP_PORT: String(httpPort) }
    const env = { ...environment(home), ...ours, LARES_HOST: '127.0.0.1' }
    running = await startUntilAnswered({ command: 'npm', args: ['start'], cwd: clone, env, httpsPort, limitMs })
    return running
  }

  test('npm start brings everything and says where to go', { timeout: FIRST_START_LIMIT_MS }, async () => {
    const { output, stop } = await npmStart(FIRST_START_LIMIT_MS)
    await untilPrinted(output, /Lares is ready/)
    assert.match(output(), /https:\/\/[\w.-]+:\d+/, 'the address')
    assert.match(output(), /([0-9A-F]{4}\s+){15}[0-9A-F]{4}/, 'the fingerprint of the root')
    assert.match(output(), /[▀▄█]{5}/, 'the QR code')
    assert.match(output(), /\b[A-Z2-9]{4}-[A-Z2-9]{4}\b/, 'the one-time code')
    assert.equal(await stop(), 0)
  })

  test('a second npm start answers at once', async (t) => {
    const { answeredAfterMs, stop } = await npmStart(FIRST_START_LIMIT_MS)
    assert.equal(await stop(), 0)
    t.diagnostic(`second start: HTTPS answered after ${answeredAfterMs} ms`)
    assert.ok(answeredAfterMs <= SECOND_START_LIMIT_MS, `HTTPS answered after ${answeredAfterMs} ms`)
  })

  test(`npm test runs (${PART_OF_THE_TESTS}) and ends with its count`, async () => {
    const env = { ...environment(home), LARES_TEST_ONLY: PART_OF_THE_TESTS, LARES_IN_CLEAN_CLONE: '1' }
    const { code, text } = await run('npm', ['test'], clone, env)
    assert.match(text.trim().split('\n').at(-1) ?? '', /^[1-9]\d* passed, 0 failed(, \d+ skipped)?$/, text)
    assert.equal(code, 0)
  })
})

/** What a new person's shell has: a path, and a home with nothing in it. */
function environment(home: string): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
  const kept = [
    'LANG',
    'TMPDIR',
    'TERM',
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
    'http_proxy',
    'https_proxy',
    'no_proxy',
  ]
  const inherited = kept.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]])
  return { ...Object.fromEntries(inherited), PATH: path.join(':'), HOME: home }
}

async function untilPrinted(output: () => string, wanted: RegExp): Promise<void> {
  const limit = Date.now() + 10_000
  while (!wanted.test(output()) && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 50))
}

function run(
  command: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0
      resolve({ code, text: `${stderr}\n${stdout}` })
    })
  })
}
