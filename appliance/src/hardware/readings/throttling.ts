import { join } from 'node:path'
import { listNames, readLine, readNumber } from '../read-files.ts'
import type { MachineReading, Tools } from '../types.ts'

type Throttling = NonNullable<MachineReading['throttling']>

// Bits of the Raspberry Pi's firmware: now, and 16 higher since it was switched on.
const UNDER_VOLTAGE = 1 << 0
const CLOCK_CAPPED = 1 << 1
const THROTTLED = 1 << 2
const SOFT_LIMIT = 1 << 3
const HAD_UNDER_VOLTAGE = 1 << 16

/** `0x50005`, `50005` or `throttled=0x50005`. */
export function parseThrottled(text: string): Throttling | null {
  const digits = /^(?:throttled=)?(?:0x)?([0-9a-f]{1,8})$/i.exec(text.trim())?.[1]
  if (!digits) return null
  const flags = Number.parseInt(digits, 16)
  const has = (mask: number): boolean => (flags & mask) !== 0
  return {
    underVoltage: has(UNDER_VOLTAGE),
    isSlowed: has(CLOCK_CAPPED | THROTTLED | SOFT_LIMIT),
    hadUnderVoltage: has(HAD_UNDER_VOLTAGE),
  }
}

/** What a Raspberry Pi says about its power supply and its heat; null on other machines. */
export async function readThrottling(root: string, isPi: boolean, tools: Tools): Promise<Throttling | null> {
  if (!isPi) return null
  const flags = await readLine(join(root, '/sys/devices/platform/soc/soc:firmware/get_throttled'))
  const byFile = parseThrottled(flags)
  if (byFile) return byFile
  const byTool = parseThrottled((await tools.ask('vcgencmd', ['get_throttled'])) ?? '')
  return byTool ?? readVoltAlarm(join(root, '/sys/class/hwmon'))
}

/** The kernel's own sensor: it keeps the alarm until it is read, and says nothing about heat. */
async function readVoltAlarm(folder: string): Promise<Throttling | null> {
  for (const id of await listNames(folder)) {
    if ((await readLine(join(folder, id, 'name'))) !== 'rpi_volt') continue
    const alarm = await readNumber(join(folder, id, 'in0_lcrit_alarm'))
    if (alarm !== null) return { underVoltage: alarm === 1, isSlowed: false, hadUnderVoltage: alarm === 1 }
  }
  return null
}
