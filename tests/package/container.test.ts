import assert from 'node:assert/strict'
import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { buildPayload } from '../../firmware-image/package/payload.ts'
import { freePort } from '../fakes/pebble.ts'
import { repository } from '../harness/product.ts'
import { makeChroot, noChroot, type Chroot } from './chroot.ts'
import { environmentOf, execForm, stagesOf, type Instruction } from './dockerfile.ts'

const home = repository.replace(/\/$/, '')
const dockerfile = readFileSync(join(home, 'Dockerfile'), 'utf8')
const stages = stagesOf(dockerfile)
const last = stages.at(-1) ?? []
const words = (name: string): string => last.find((each) => each.name === name)?.words ?? ''
const [user = '', group = ''] = words('USER').split(':')
const compose = readFileSync(join(home, 'compose.yaml'), 'utf8')

test('SEC-F1 the Dockerfile: two stages, a user without rights by number, no shell around the product, no secret in it', () => {
  assert.equal(stages.length, 2)
  assert.ok(Number(user) >= 1_000 && Number(group) >= 1_000)
  assert.ok(execForm(words('ENTRYPOINT')).length > 1)
  assert.ok(execForm(words('HEALTHCHECK').replace(/^.*CMD /, '')).includes('answers'))
  assert.doesNotMatch(dockerfile, /(SECRET|PASSWORD|TOKEN|_KEY)=|ADD https?:|:latest/)
  assert.ok(stages.every(([from]) => /^[a-z]+:[\w.-]+( AS \w+)?$/.test(from?.words ?? '')))
})

test('SEC-F1 compose.yaml takes away what the row says', () => {
  const wanted = [
    ...[
      'read_only: true',
      'cap_drop: [ALL]',
      'cap_add: [NET_BIND_SERVICE]',
      'no-new-privileges:true',
      'pids_limit: 200',
    ],
    ...['cpus: 2', 'mem_limit: 2g', '/tmp:rw,noexec,nosuid,nodev,size=100m', `user: '${user}:${group}'`],
  ]
  for (const line of wanted) assert.ok(compose.includes(line), line)
  assert.doesNotMatch(compose, /privileged: true|docker\.sock/)
})

/** Does to a small Debian what docker would do. */
function follow(debian: Chroot, stage: readonly Instruction[], payload: string): void {
  for (const { name, words: said } of stage) {
    if (name === 'RUN') debian.run('sh', '-c', said)
    if (name === 'COPY') {
      const [from, source, target] = said.split(/\s+/)
      assert.deepEqual([from, source], ['--from=build', '/payload'])
      cpSync(payload, join(debian.root, String(target)), { recursive: true, verbatimSymlinks: true })
    }
  }
}

describe('SEC-F1 the container, its stages followed without docker', { skip: noChroot() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lares-container-'))
  const mounted: string[] = []
  let debian: Chroot
  let product: ChildProcess | null = null

  const mount = (...args: string[]): void => {
    execFileSync('mount', args)
    mounted.unshift(String(args.at(-1)))
  }
  /** As the engine would start it: by the user, without a capability, without a way to gain one. */
  const asUser = (program: readonly string[]): string[] => [
    ...['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'],
    ...['--no-new-privs', ...program],
  ]
  const env = {
    ...environmentOf(last),
    LARES_HOST: '127.0.0.1',
    LARES_HTTP_PORT: '0',
    LARES_HTTPS_PORT: '',
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  }

  before(async () => {
    env.LARES_HTTPS_PORT = String(await freePort())
    const payload = join(folder, 'payload')
    buildPayload({ repository: home, architecture: 'amd64', target: payload })
    debian = makeChroot(['ca-certificates'])
    cpSync('/etc/resolv.conf', join(debian.root, 'etc/resolv.conf'))
    follow(debian, last, payload)
    // A root that cannot be written, a small /tmp that runs nothing, a volume for the data.
    mount('--bind', debian.root, debian.root)
    mount('-t', 'proc', 'proc', join(debian.root, 'proc'))
    mount('-t', 'tmpfs', '-o', 'noexec,nosuid,nodev,size=100m', 'tmpfs', join(debian.root, 'tmp'))
    mount('-t', 'tmpfs', '-o', `nosuid,nodev,uid=${user},gid=${group},mode=0700`, 'tmpfs', join(debian.root, 'data'))
    execFileSync('mount', ['-o', 'remount,ro,bind', debian.root])
  })
  after(() => {
    product?.kill('SIGKILL')
    for (const place of mounted) execFileSync('umount', [place])
    debian.end()
    rmSync(folder, { recursive: true, force: true })
  })

  const isHealthy = (): boolean => {
    const check = execForm(words('HEALTHCHECK').replace(/^.*CMD /, ''))
    return spawnSync('chroot', [debian.root, ...asUser(check)], { env, stdio: 'ignore' }).status === 0
  }

  test('it starts as that user on a root that cannot be written, and the health check says so', async () => {
    assert.notEqual(spawnSync('touch', [join(debian.root, 'opt/lares/here')], { stdio: 'ignore' }).status, 0)
    assert.equal(isHealthy(), false)
    product = debian.start(asUser(execForm(words('ENTRYPOINT'))), env)
    for await (const line of createInterface({ input: product.stdout as NonNullable<typeof product.stdout> })) {
      if (line.includes('Lares is ready.')) break
    }
    assert.equal(isHealthy(), true)
    const status = readFileSync(`/proc/${product.pid}/status`, 'utf8')
    assert.match(status, new RegExp(`^Uid:\\s+${user}\\s`, 'm'))
    assert.match(status, /^CapEff:\s+0+$/m)
    assert.match(status, /^NoNewPrivs:\s+1$/m)
  })

  test('it ends at SIGTERM by itself, and the health check notices', async () => {
    const running = product as ChildProcess
    const ended = new Promise<number | null>((resolve) => running.once('exit', resolve))
    running.kill('SIGTERM')
    assert.equal(await ended, 0)
    assert.equal(isHealthy(), false)
    product = null
  })
})
