// npm run container:test: follows both stages of the Dockerfile in two Debians of their own, starts what came of it as the
// image's user on a root that cannot be written, and asks the image's health check. Needs root, the package servers and
// the npm registry, and about ten minutes; its last result is kept in docs/reference/container-test.md.
import { rmSync, cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../fakes/pebble.ts'
import { noChroot } from './chroot.ts'
import { followBuildStage, followRunStage } from './stages.ts'

const startedMs = performance.now()
const say = (words: string): void =>
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${words}`)

const reason = noChroot()
if (reason) {
  console.error(reason)
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'lares-stages-'))
try {
  say('First stage: builds')
  const { debian, payload: built } = followBuildStage(say)
  const payload = join(folder, 'payload')
  cpSync(built, payload, { recursive: true, verbatimSymlinks: true })
  debian.end()
  say('Last stage: what runs')
  await tryContainer(payload)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function tryContainer(payload: string): Promise<void> {
  const container = followRunStage(payload, await freePort())
  try {
    if (container.isHealthy()) throw new Error('The health check is content before anything runs.')
    const closed = container.unreadable()
    if (closed.length > 0) throw new Error(`The image’s user may not read ${closed.join(', ')}.`)
    const product = await container.start()
    say('Started as the image’s user, on a root that cannot be written')
    const ended = new Promise<number | null>((resolve) => product.once('exit', resolve))
    const wasHealthy = container.isHealthy()
    product.kill('SIGTERM')
    const code = await ended
    if (!wasHealthy) throw new Error('The health check is not content with what runs.')
    if (code !== 0) throw new Error(`It ended with ${code} when asked to.`)
    say('Healthy, and ended by itself when asked to: both stages work')
  } finally {
    container.end()
  }
}
