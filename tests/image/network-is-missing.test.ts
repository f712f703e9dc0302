import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { HOME_PROFILE } from '../../appliance/src/host/wifi/keyfile.ts'
import { OVERLAY, ownFolder, runScript, standIns } from './places.ts'

interface Machine {
  hasRadio: boolean
  /** What `nmcli -t -f TYPE,STATE,CONNECTION device` says. */
  devices: string
  wipe: boolean
}

function isMissing(t: TestContext, { hasRadio, devices, wipe }: Machine): boolean {
  const folder = ownFolder(t)
  const radio = join(folder, 'sys/class/net/wlan0')
  mkdirSync(hasRadio ? join(radio, 'phy80211') : radio, { recursive: true })
  mkdirSync(join(folder, 'data/os'), { recursive: true })
  writeFileSync(join(folder, 'data/os/first-boot.json'), `${JSON.stringify({ files: {}, wipe })}\n`)
  writeFileSync(join(folder, 'devices'), devices)
  const asked = '[ "$*" = "-t -f TYPE,STATE,CONNECTION device" ]'
  const bin = standIns(folder, { nmcli: `${asked} && cat ${folder}/devices` })
  const env = { PATH: `${bin}:${process.env.PATH}`, ROOT: folder }
  const { status, stderr } = runScript(join(OVERLAY, 'usr/lib/lares-os/network-is-missing'), [], env)
  assert.equal(stderr, '')
  return status === 0
}

describe('J1 the Wi-Fi of the box is looked after', () => {
  const cable = 'ethernet:connected:Wired connection 1\nwifi:disconnected:\nloopback:connected (externally):lo\n'
  const nothing = 'ethernet:unavailable:\nwifi:disconnected:\nloopback:connected (externally):lo\n'
  const ownWifi = `wifi:connected:${HOME_PROFILE}\nethernet:unavailable:\n`
  const connecting = `wifi:connecting (configuring):${HOME_PROFILE}\n`
  const accessPoint = 'wifi:connected:lares-hotspot\nethernet:unavailable:\n'

  it('while no network is there', (t) => {
    for (const devices of [nothing, connecting, accessPoint, ''])
      assert.equal(isMissing(t, { hasRadio: true, devices, wipe: false }), true, devices)
  })
  it('not when the cable or the Wi-Fi of the home works, nor without a radio', (t) => {
    for (const devices of [cable, ownWifi])
      assert.equal(isMissing(t, { hasRadio: true, devices, wipe: false }), false, devices)
    assert.equal(isMissing(t, { hasRadio: false, devices: nothing, wipe: false }), false)
  })
  it('once more while the password lies on the card', (t) => {
    assert.equal(isMissing(t, { hasRadio: true, devices: ownWifi, wipe: true }), true)
  })
})
