import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { AUTOBOOT } from '../../firmware-image/image/layout.ts'
import { OVERLAY, ownFolder, runScript, standIns } from './places.ts'

/** What the box did after a start as `running`, with Lares answering from the given time of asking on. */
function confirm(t: TestContext, { running, answersAt }: { running: 'A' | 'B'; answersAt: number }) {
  const folder = ownFolder(t)
  for (const place of ['run', 'bootcfg']) mkdirSync(join(folder, place))
  writeFileSync(join(folder, 'run/lares-slot'), `${running}\n`)
  writeFileSync(join(folder, 'bootcfg/autoboot.txt'), AUTOBOOT)
  const log = join(folder, 'log')
  const bin = standIns(folder, {
    lares: `echo asked >> ${folder}/asked; [ "$(wc -l < ${folder}/asked)" -ge ${answersAt} ]`,
    rauc: `echo "rauc $*" >> ${log}`,
    systemctl: `echo "systemctl $*" >> ${log}`,
  })
  const env = { PATH: `${bin}:${process.env.PATH}`, TRIES: '3', PAUSE_S: '0' }
  const places = { RUN: join(folder, 'run'), BOOTCFG: join(folder, 'bootcfg') }
  const { status } = runScript(join(OVERLAY, 'usr/lib/lares-os/confirm-boot'), [], { ...env, ...places })
  return { status, did: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] }
}

describe('after a start', () => {
  it('the system stays once Lares answers, also when that takes a while', (t) => {
    for (const [running, answersAt] of [
      ['A', 1],
      ['B', 3],
    ] as const) {
      assert.deepEqual(confirm(t, { running, answersAt }), { status: 0, did: ['rauc status mark-good'] })
    }
  })

  it('on trial goes back when Lares does not answer', (t) => {
    const { did } = confirm(t, { running: 'B', answersAt: 99 })
    assert.deepEqual(did, ['rauc status mark-bad', 'systemctl reboot'])
  })

  it('of the system that was good before, nothing restarts: that would never end', (t) => {
    assert.deepEqual(confirm(t, { running: 'A', answersAt: 99 }), { status: 1, did: [] })
  })
})
