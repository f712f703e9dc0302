import assert from 'node:assert/strict'
import { spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { buildPayload } from '../../firmware-image/package/payload.ts'
import { freePort } from '../fakes/pebble.ts'
import { repository } from '../harness/product.ts'
import { noChroot } from './chroot.ts'
import { followRunStage, sentSources, user, type Container } from './stages.ts'

describe('SEC-F1 the container, its last stage followed without docker', { skip: noChroot() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lares-container-'))
  let container: Container
  let product: ChildProcess | null = null

  before(async () => {
    const payload = join(folder, 'payload')
    buildPayload({ repository: repository.replace(/\/$/, ''), architecture: 'amd64', target: payload })
    container = followRunStage(payload, await freePort())
  })
  after(() => {
    product?.kill('SIGKILL')
    container.end()
    rmSync(folder, { recursive: true, force: true })
  })

  test('it starts as that user on a root that cannot be written, and the health check says so', async () => {
    assert.notEqual(spawnSync('touch', [join(container.root, 'opt/lares/here')], { stdio: 'ignore' }).status, 0)
    assert.deepEqual(container.unreadable(), [])
    assert.equal(container.isHealthy(), false)
    product = await container.start()
    assert.equal(container.isHealthy(), true)
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
    assert.equal(container.isHealthy(), false)
    product = null
  })
})

test('SEC-F1 what travels into the build: the sources, and nothing that was made, learnt or kept secret', () => {
  const sent = sentSources()
  for (const path of [
    'package-lock.json',
    '.npmrc',
    'appliance/src/main.ts',
    'tests/package.json',
    'scripts/package.mjs',
  ])
    assert.ok(sent.includes(path), path)
  const never =
    /(^|\/)(node_modules|dist|\.git)\/|^(data|secrets|models|docs|\.cache|\.out)\/|^tests\/(?!package\.json$)/
  assert.deepEqual(
    sent.filter((path) => never.test(path)),
    [],
  )
})
