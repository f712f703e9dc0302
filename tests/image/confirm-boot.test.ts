import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { AUTOBOOT } from '../../firmware-image/image/layout.ts'
import { OVERLAY, ownFolder, runScript, standIns } from './places.ts'

/** What the box did after a start as `running`, once Lares had judged itself. */
function confirm(t: TestContext, { running, isWell }: { running: 'A' | 'B'; isWell: boolean }) {
  const folder = ownFolder(t)
  for (const place of ['run', 'bootcfg']) mkdirSync(join(folder, place))
  writeFileSync(join(folder, 'run/lares-slot'), `${running}\n`)
  writeFileSync(join(folder, 'bootcfg/autoboot.txt'), AUTOBOOT)
  const log = join(folder, 'log')
  const bin = standIns(folder, {
    lares: `[ "$*" = 'answers --after-update' ] && ${isWell}`,
    rauc: `echo "rauc $*" >> ${log}`,
    systemctl: `echo "systemctl $*" >> ${log}`,
  })
  const env = { PATH: `${bin}:${process.env.PATH}`, TRIES: '3', PAUSE_S: '0' }
  const places = { RUN: join(folder, 'run'), BOOTCFG: join(folder, 'bootcfg') }
  const { status } = runScript(join(OVERLAY, 'usr/lib/lares-os/confirm-boot'), [], { ...env, ...places })
  return { status, did: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] }
}

describe('after a start', () => {
  it('the system stays when Lares is well', (t) => {
    for (const running of ['A', 'B'] as const) {
      assert.deepEqual(confirm(t, { running, isWell: true }), { status: 0, did: ['rauc status mark-good'] })
    }
  })

  it('on trial goes back when Lares is not well', (t) => {
    const { did } = confirm(t, { running: 'B', isWell: false })
    assert.deepEqual(did, ['rauc status mark-bad', 'systemctl reboot'])
  })

  it('of the system that was good before, nothing restarts: that would never end', (t) => {
    assert.deepEqual(confirm(t, { running: 'A', isWell: false }), { status: 1, did: [] })
  })
})
