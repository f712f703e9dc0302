import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock as clock } from '../../core/clock.ts'
import { createLog } from '../../core/log.ts'
import { runToEnd } from '../../core/subprocess.ts'
import { isWipeDue } from '../first-boot/index.ts'
import { createHomeWifi, createNmcli } from '../wifi/index.ts'
import { createAccessPoint } from './access-point.ts'
import { createFirewall } from './firewall.ts'
import { hotspotName, isDeviceName, newHotspotPassword } from './names.ts'
import { createRadio } from './radio.ts'
import { writeHotspotState } from './state-file.ts'
import type { Phase } from './types.ts'
import { watchNetwork } from './watch.ts'

// For tests alone: another folder instead of the machine, the fakes being found by PATH.
const root = process.argv[2] ?? '/'
const log = createLog({ destination: process.stderr })
const nmcli = createNmcli({ clock, log })
const ending = new AbortController()
process.once('SIGTERM', () => ending.abort())

/** The password lies on the card until the Wi-Fi works; a unit of its own takes it away, with the rights for that. */
async function askForWipe(): Promise<void> {
  if (!(await isWipeDue({ root }))) return
  const known = await createHomeWifi({ nmcli, root, log }).known()
  const isUsed = (await nmcli.devices()).some(({ connected, profileId }) => connected && profileId === known?.uuid)
  if (!isUsed) return
  const args = ['start', '--no-block', 'lares-wipe-password.service']
  await runToEnd({ name: 'systemctl', command: 'systemctl', args, clock, log, timeoutMs: 10_000 })
}

async function watch(device: string): Promise<void> {
  const ssid = hotspotName(await readFile(join(root, 'sys/class/net', device, 'address'), 'utf8').catch(() => ''))
  const password = newHotspotPassword()
  const ground = { device, nmcli, root, clock, log }
  await watchNetwork({
    ...{
      radio: createRadio(ground),
      point: createAccessPoint({ ...ground, firewall: createFirewall(ground), ssid, password }),
      clock,
      log,
    },
    signal: ending.signal,
    onPhase: (phase: Phase) => writeHotspotState(root, { phase, ssid, password: phase === 'open' ? password : '' }),
  })
}

const device = (await nmcli.devices()).find(({ kind, name }) => kind === 'wifi' && isDeviceName(name))
if (device) await watch(device.name)
else log.info('No radio here: the box waits for a cable')
if (!ending.signal.aborted) await askForWipe()
