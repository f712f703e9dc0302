import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { packDeb } from '../../firmware-image/package/deb.ts'
import { buildPayload } from '../../firmware-image/package/payload.ts'
import { freePort } from '../fakes/pebble.ts'
import { repository, withoutOurs } from '../harness/product.ts'
import { makeArm64Libraries, makeChroot, noChroot, type Chroot } from './chroot.ts'

const WHEN_S = 1_790_000_000
const PACKAGES = ['systemd', 'ca-certificates']
const home = repository.replace(/\/$/, '')
const folder = mkdtempSync(join(tmpdir(), 'lares-package-'))
const skip = noChroot()
after(() => rmSync(folder, { recursive: true, force: true }))

function build(version: string, payload: string, to = version): string {
  return packDeb({
    ...{ repository: home, payload, architecture: 'amd64', version, outFolder: join(folder, to) },
    ...{ sourceDateEpochS: WHEN_S, compression: 'none' },
  })
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Everything below, as `path mode owner`. */
function below(root: string, path: string): string[] {
  return (readdirSync(join(root, path), { recursive: true }) as string[])
    .map((name) => ({ name, info: lstatSync(join(root, path, name)) }))
    .map(({ name, info }) => `${name} ${(info.mode & 0o7777).toString(8)} ${info.uid}`)
}

/** The certificate and the status that the box answers with. */
function ask(port: number, ca: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path: '/api/setup', ca, servername: 'lares.local' }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asking.once('error', reject).end()
  })
}

/** Starts what the unit would start, as the unit's user with the unit's one privilege; waits until it is ready. */
async function serve(debian: Chroot, port: number): Promise<ChildProcess> {
  const unit = readFileSync(join(debian.root, 'usr/lib/systemd/system/lares.service'), 'utf8')
  const [program, ...args] = (/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '').split(' ')
  const who = ['setpriv', '--reuid=lares', '--regid=lares', '--init-groups', '--inh-caps=-all', '--no-new-privs']
  const env = {
    LARES_DATA: '/var/lib/lares',
    LARES_HTTPS_PORT: String(port),
    LARES_HTTP_PORT: '0',
    LARES_HOST: '127.0.0.1',
  }
  const child = debian.start([...who, String(program), ...args], { ...env, CACHE_DIRECTORY: '/var/cache/lares' })
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    if (line.includes('Lares is ready.')) return child
  }
  throw new Error('The installed Lares ended before it was ready.')
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

describe('The Debian package', { skip }, () => {
  const payload = join(folder, 'payload')
  let debian: Chroot
  let port = 0

  before(async () => {
    buildPayload({ repository: home, architecture: 'amd64', target: payload })
    debian = makeChroot(PACKAGES)
    copyFileSync('/etc/resolv.conf', join(debian.root, 'etc/resolv.conf'))
    port = await freePort()
  })
  after(() => debian.end())

  const install = (file: string): string => {
    copyFileSync(file, join(debian.root, 'tmp/lares.deb'))
    return debian.run('apt-get', '-qq', '-y', '--no-install-recommends', 'install', '/tmp/lares.deb')
  }
  const root = (): string => readFileSync(join(debian.root, 'var/lib/lares/tls/root.pem'), 'utf8')

  test('is the same to the byte when it is built twice from the same sources', () => {
    const again = join(folder, 'payload-again')
    buildPayload({ repository: home, architecture: 'amd64', target: again })
    assert.equal(sha256(build('1.0.0', payload)), sha256(build('1.0.0', again, 'again')))
    rmSync(again, { recursive: true })
  })

  test('installs: nothing of it can be written by the service, and it answers over HTTPS with its own root', async () => {
    debian.run('apt-get', '-qq', 'update')
    install(join(folder, '1.0.0', 'lares_1.0.0_amd64.deb'))
    assert.match(debian.run('id', 'lares'), /uid=\d+\(lares\).*video.*render/)
    const writable = below(debian.root, 'usr/lib/lares').filter(
      (line) => !/ [0-7]*[0145][0145] 0$/.test(line) && !/ 777 0$/.test(line),
    )
    assert.deepEqual(writable, [])
    assert.match(debian.run('stat', '-c', '%a %U', '/var/lib/lares'), /^700 lares/)
    assert.match(debian.run('stat', '-c', '%a %U:%G', '/etc/lares/lares.conf'), /^640 root:lares/)
    const child = await serve(debian, port)
    try {
      const { status, text } = await ask(port, root())
      assert.equal(status, 200, text)
      assert.equal(debian.run('lares', 'version').trim(), 'Lares 0.1.0')
      assert.match(debian.run('lares', 'answers', `--https-port=${port}`, '--host=127.0.0.1'), /answers/)
    } finally {
      await stop(child)
    }
    const report = JSON.parse(debian.run('lares', 'doctor', '--json', '--https-port=0', '--http-port=0')) as object
    assert.match(JSON.stringify(report), /Everything is whole\./)
  })

  test('upgrades: data, root and what the owner wrote into the configuration stay', async () => {
    const before = new X509Certificate(root()).fingerprint256
    appendFileSync(join(debian.root, 'etc/lares/lares.conf'), 'LARES_NAME=den\n')
    install(build('1.0.1', payload))
    assert.match(debian.run('dpkg-query', '-W', 'lares'), /1\.0\.1/)
    assert.match(readFileSync(join(debian.root, 'etc/lares/lares.conf'), 'utf8'), /^LARES_NAME=den$/m)
    const child = await serve(debian, port)
    await stop(child)
    assert.equal(new X509Certificate(root()).fingerprint256, before)
  })

  test('goes when it is removed and leaves the data; goes whole when it is purged', () => {
    debian.run('apt-get', '-qq', '-y', 'remove', 'lares')
    assert.ok(!existsSync(join(debian.root, 'usr/lib/lares')))
    assert.ok(existsSync(join(debian.root, 'var/lib/lares/lares.db')))
    debian.run('apt-get', '-qq', '-y', 'purge', 'lares')
    for (const path of ['var/lib/lares', 'var/cache/lares', 'etc/lares'])
      assert.ok(!existsSync(join(debian.root, path)), path)
  })

  test('SEC-F2 its unit is closed: exposure 2.0 or less', () => {
    const unit = join(home, 'firmware-image/package/files/lares.service')
    const how = ['security', '--offline=true', '--no-pager', '--threshold=20', unit]
    const words = execFileSync('systemd-analyze', how, { encoding: 'utf8' })
    assert.match(words, /exposure level for lares.service: [01]\.\d|2\.0/)
  })
})

describe('The package for arm64', { skip }, () => {
  const payload = join(folder, 'payload-arm64')
  let libraries: ReturnType<typeof makeArm64Libraries>

  before(() => {
    buildPayload({ repository: home, architecture: 'arm64', target: payload })
    libraries = makeArm64Libraries()
  })
  after(() => libraries.end())

  const node = (...args: string[]): string =>
    execFileSync(
      'qemu-aarch64-static',
      ['-cpu', 'cortex-a72', '-L', libraries.root, join(payload, 'bin/node'), ...args],
      {
        cwd: payload,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )

  test('its Node runs on the processor of a Pi 4, and the command with it', () => {
    assert.equal(node('-p', 'process.arch').trim(), 'arm64')
    assert.equal(node('appliance/src/cli/main.js', 'version').trim(), 'Lares 0.1.0')
  })

  test('every native module in it loads there, and the built-in model opens', () => {
    const script = `
      import { createRequire } from 'node:module'
      const require = createRequire(process.cwd() + '/appliance/src/main.js')
      const sqlite = require('sqlite3')
      const db = new sqlite.Database(':memory:')
      const row = await new Promise((done, fail) => db.get('select 6 * 7 as n', (e, r) => (e ? fail(e) : done(r))))
      const sharp = require('sharp')
      const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).jpeg().toBuffer()
      const ort = require('onnxruntime-node')
      const how = { intraOpNumThreads: 1, interOpNumThreads: 1 }
      const model = await ort.InferenceSession.create('.cache/models/centernet_mb3_512.onnx', how)
      console.log(JSON.stringify({ n: row.n, jpeg: jpeg[0], model: model.inputNames.length }))
    `
    assert.deepEqual(JSON.parse(node('--input-type=module', '-e', script)), { n: 42, jpeg: 0xff, model: 1 })
  })

  test('the whole product starts there', async () => {
    const program = ['-cpu', 'cortex-a72', '-L', libraries.root, join(payload, 'bin/node'), 'appliance/src/main.js']
    const env = {
      LARES_DATA: join(folder, 'data-arm64'),
      LARES_HOST: '127.0.0.1',
      LARES_HTTPS_PORT: '0',
      LARES_HTTP_PORT: '0',
    }
    const child = spawn('qemu-aarch64-static', program, {
      ...{ cwd: payload, env: { ...withoutOurs(process.env), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    })
    try {
      const port = await portOf(child)
      assert.equal((await ask(port, readFileSync(join(folder, 'data-arm64/tls/root.pem'), 'utf8'))).status, 200)
    } finally {
      await stop(child)
    }
  })
})

/** The port in the banner of a Lares that has just started; its log goes unread. */
async function portOf(child: ChildProcess): Promise<number> {
  child.stderr?.resume()
  let port = 0
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    port = Number(/https:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? port)
    if (line.includes('Lares is ready.')) return port
  }
  throw new Error('Lares ended before it was ready.')
}
