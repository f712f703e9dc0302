import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeWorkFolder, removeDeadWorkFolders } from '../../firmware-image/image/work-folder.ts'

const parent = mkdtempSync(join(tmpdir(), 'lares-work-'))
after(() => rmSync(parent, { recursive: true, force: true }))
const MODULE = new URL('../../firmware-image/image/work-folder.ts', import.meta.url).href

/** Makes its folder, and is then blocked in a program as a build is. */
const BUILD = `import { execFileSync } from 'node:child_process'
import { makeWorkFolder } from '${MODULE}'
const folder = makeWorkFolder(process.argv[1])
try {
  const cwd = process.argv[2] === 'inside' ? folder : '/'
  execFileSync('sh', ['-c', 'echo "$0"; exec sleep 60', folder], { cwd, stdio: 'inherit' })
} finally {
  console.log('cleaned up')
}`

async function startBuild(where = 'outside'): Promise<{ child: ChildProcess; folder: string }> {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', BUILD, parent, where]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, folder: String(text).trim() }
}

/** The program that it waits for goes on. */
async function kill({ child }: { child: ChildProcess }, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

const endGroup = ({ child }: { child: ChildProcess }): void => void process.kill(-(child.pid ?? 0), 'SIGKILL')

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const)
  test(`what a build that ended by ${signal} left is removed by the next one, and nothing of one that runs`, async () => {
    const [dead, alive] = [await startBuild(), await startBuild()]
    await kill(dead, signal)
    assert.ok(existsSync(dead.folder), 'it cannot clean up after itself')
    assert.deepEqual(removeDeadWorkFolders(parent), [dead.folder])
    assert.ok(!existsSync(dead.folder) && existsSync(alive.folder))
    endGroup(dead)
    endGroup(alive)
    await once(alive.child, 'exit')
    assert.deepEqual(removeDeadWorkFolders(parent), [alive.folder])
  })

test('a folder stays while a program of the dead build is still at work in it', async () => {
  const build = await startBuild('inside')
  await kill(build, 'SIGTERM')
  assert.deepEqual(removeDeadWorkFolders(parent), [])
  endGroup(build)
  while (removeDeadWorkFolders(parent).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(!existsSync(build.folder))
})

test('the number of a process that came again is not its builder; one that names nobody waits an hour', () => {
  const again = makeWorkFolder(parent)
  writeFileSync(join(again, 'builder'), `${process.pid} 1\n`)
  const nameless = mkdtempSync(join(parent, 'lares-image-'))
  const own = makeWorkFolder(parent)
  const other = join(parent, 'lares-images')
  mkdirSync(other)
  assert.deepEqual(removeDeadWorkFolders(parent), [again])
  const hourAgoS = Date.now() / 1000 - 3_700
  utimesSync(nameless, hourAgoS, hourAgoS)
  assert.deepEqual(removeDeadWorkFolders(parent), [nameless])
  assert.ok(existsSync(own) && existsSync(other))
})
