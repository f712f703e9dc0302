import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { AUTOBOOT } from '../../firmware-image/image/layout.ts'
import { OVERLAY, ownFolder, runScript, standIns } from './places.ts'

const SCRIPT = join(OVERLAY, 'usr/lib/lares-os/rauc-backend')
const SWAPPED = AUTOBOOT.replace('boot_partition=2', 'boot_partition=X')
  .replace('boot_partition=3', 'boot_partition=2')
  .replace('boot_partition=X', 'boot_partition=3')

function makeBox(t: TestContext, running: 'A' | 'B', programs: Readonly<Record<string, string>> = {}) {
  const folder = ownFolder(t)
  const [bootcfg, run, state] = ['bootcfg', 'run', 'state'].map((name) => join(folder, name)) as [string, string, string]
  for (const place of [bootcfg, run]) mkdirSync(place)
  writeFileSync(join(bootcfg, 'autoboot.txt'), AUTOBOOT)
  writeFileSync(join(run, 'lares-slot'), `${running}\n`)
  const log = join(folder, 'log')
  const note = (name: string): string => `echo "${name} $*" >> ${log}`
  const bin = standIns(folder, { mount: note('mount'), sync: `${note('sync')}; exec /usr/bin/sync "$@"`, ...programs })
  const env = { PATH: `${bin}:${process.env.PATH}`, BOOTCFG: bootcfg, RUN: run, STATE: state }
  const autoboot = (): string => readFileSync(join(bootcfg, 'autoboot.txt'), 'utf8')
  return {
    ...{ run, bin, autoboot },
    log: () => readFileSync(log, 'utf8').replaceAll(bootcfg, '/bootcfg').trim().split('\n'),
    ask: (...args: string[]) => {
      const { status, stdout, stderr } = runScript(SCRIPT, args, env)
      return { status, said: stdout.trim(), words: stderr.trim() }
    },
  }
}

describe('the loader of the Raspberry Pi, as RAUC asks it', () => {
  it('knows which system runs and which is next', (t) => {
    const box = makeBox(t, 'A')
    assert.equal(box.ask('get-current').said, 'A')
    assert.equal(box.ask('get-primary').said, 'A')
    assert.equal(box.ask('get-state', 'B').said, 'good')
  })

  it('tries the other system once: the default stays until that one is well', (t) => {
    const box = makeBox(t, 'A')
    assert.equal(box.ask('set-primary', 'B').status, 0)
    assert.equal(box.autoboot(), AUTOBOOT, 'a power cut now starts A')
    assert.equal(readFileSync(join(box.run, 'systemd/reboot-param'), 'utf8'), '0 tryboot\n')
    assert.equal(box.ask('get-primary').said, 'B')
  })

  it('keeps the tried system when it says that it is well', (t) => {
    const box = makeBox(t, 'B')
    assert.equal(box.ask('set-state', 'B', 'good').status, 0)
    assert.equal(box.autoboot(), SWAPPED)
    assert.equal(box.ask('get-primary').said, 'B')
  })

  it('does not keep a system that does not run', (t) => {
    const box = makeBox(t, 'A')
    box.ask('set-state', 'B', 'good')
    assert.equal(box.autoboot(), AUTOBOOT)
  })

  it('remembers a system that was bad, until it is good', (t) => {
    const box = makeBox(t, 'A')
    box.ask('set-state', 'B', 'bad')
    assert.equal(box.ask('get-state', 'B').said, 'bad')
    box.ask('set-state', 'B', 'good')
    assert.equal(box.ask('get-state', 'B').said, 'good')
  })

  it('takes a trial back', (t) => {
    const box = makeBox(t, 'A')
    box.ask('set-primary', 'B')
    box.ask('set-primary', 'A')
    assert.equal(existsSync(join(box.run, 'systemd/reboot-param')), false)
    assert.equal(box.ask('get-primary').said, 'A')
  })

  it('has the bytes on the card before the name, and leaves the partition read-only', (t) => {
    const box = makeBox(t, 'B', { mv: 'echo "mv" >> "${0%/bin/mv}/log"; exec /usr/bin/mv "$@"' })
    box.ask('set-state', 'B', 'good')
    assert.deepEqual(box.log(), [
      'mount -o remount,rw /bootcfg',
      'sync /bootcfg/autoboot.txt.new',
      'mv',
      'sync -f /bootcfg',
      'mount -o remount,ro /bootcfg',
    ])
  })

  for (const [moment, programs] of [
    ['while the new file is written', { sync: 'kill -KILL $PPID' }],
    ['between writing and renaming', { mv: 'kill -KILL $PPID' }],
  ] as const) {
    it(`survives a power cut ${moment}: the old file is whole, and the next attempt succeeds`, (t) => {
      const box = makeBox(t, 'B', programs)
      assert.notEqual(box.ask('set-state', 'B', 'good').status, 0)
      assert.equal(box.autoboot(), AUTOBOOT)
      standIns(join(box.bin, '..'), { mv: 'exec /usr/bin/mv "$@"', sync: 'exec /usr/bin/sync "$@"' })
      assert.equal(box.ask('set-state', 'B', 'good').status, 0)
      assert.equal(box.autoboot(), SWAPPED)
    })
  }

  it('changes nothing when it is asked for a system that there is not', (t) => {
    const box = makeBox(t, 'A')
    for (const args of [['set-primary', 'C'], ['set-state', 'C', 'good'], ['get-state', 'C'], ['sing'], []]) {
      assert.equal(box.ask(...args).status, 1, args.join(' '))
    }
    assert.equal(box.autoboot(), AUTOBOOT)
  })
})
