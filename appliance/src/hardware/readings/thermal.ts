import { join } from 'node:path'
import { listNames, readLine, readNumber } from '../read-files.ts'
import type { MachineReading } from '../types.ts'

type Temperature = MachineReading['temperatures'][number]

/** Processors lower their clock at about this; a Pi begins at 80. */
const USUAL_LIMIT_C = 85
/** Below the point where the kernel switches the machine off. */
const BEFORE_CRITICAL_C = 10
const CORAL_LIMIT_C = 84
/** Sensors that are not connected show nonsense. */
const [COLDEST_C, HOTTEST_C] = [-40, 150]

const ZONE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(x86_pkg_temp|cpu|soc|bigcore|package|TCPU|tj)/i, 'Processor'],
  [/gpu/i, 'Graphics'],
  [/npu/i, 'NPU'],
]

/** Drivers of processor sensors; read only where the kernel has no thermal zone for the processor. */
const CPU_SENSORS: ReadonlySet<string> = new Set(['coretemp', 'k10temp', 'zenpower', 'cpu_thermal'])

/** Every temperature that says something about detection, hottest first within a name, one a name. */
export async function readTemperatures(root: string): Promise<Temperature[]> {
  const zones = await readZones(join(root, '/sys/class/thermal'))
  const sensors = zones.some(({ name }) => name === 'Processor')
    ? []
    : await readSensors(join(root, '/sys/class/hwmon'))
  const coral = await readCoral(root)
  const all = [...zones, ...sensors, ...coral].sort((a, b) => b.celsius - a.celsius)
  return all.filter(({ name }, at) => all.findIndex((each) => each.name === name) === at)
}

function isReal(celsius: number): boolean {
  return celsius > COLDEST_C && celsius < HOTTEST_C && celsius !== 0
}

async function readZones(folder: string): Promise<Temperature[]> {
  const names = (await listNames(folder)).filter((name) => name.startsWith('thermal_zone'))
  const zones = await Promise.all(
    names.map(async (id): Promise<Temperature[]> => {
      const type = await readLine(join(folder, id, 'type'))
      const name = ZONE_NAMES.find(([pattern]) => pattern.test(type))?.[1]
      const millidegrees = await readNumber(join(folder, id, 'temp'))
      if (!name || millidegrees === null || !isReal(millidegrees / 1_000)) return []
      return [{ id, name, celsius: millidegrees / 1_000, limitCelsius: await limitOf(join(folder, id)) }]
    }),
  )
  return zones.flat()
}

async function limitOf(zone: string): Promise<number> {
  const points = (await listNames(zone)).filter((name) => /^trip_point_\d+_type$/.test(name))
  const limits = await Promise.all(
    points.map(async (name) => {
      const isCritical = (await readLine(join(zone, name))) === 'critical'
      const at = isCritical ? await readNumber(join(zone, name.replace('_type', '_temp'))) : null
      return at === null || !isReal(at / 1_000) ? USUAL_LIMIT_C : at / 1_000 - BEFORE_CRITICAL_C
    }),
  )
  return Math.min(USUAL_LIMIT_C, ...limits)
}

async function readSensors(folder: string): Promise<Temperature[]> {
  const found: Temperature[] = []
  for (const id of await listNames(folder)) {
    if (!CPU_SENSORS.has(await readLine(join(folder, id, 'name')))) continue
    for (const file of (await listNames(join(folder, id))).filter((name) => /^temp\d+_input$/.test(name))) {
      const millidegrees = await readNumber(join(folder, id, file))
      if (millidegrees === null || !isReal(millidegrees / 1_000)) continue
      found.push({ id: `${id}-${file}`, name: 'Processor', celsius: millidegrees / 1_000, limitCelsius: USUAL_LIMIT_C })
    }
  }
  return found
}

async function readCoral(root: string): Promise<Temperature[]> {
  const millidegrees = await readNumber(join(root, '/sys/class/apex/apex_0/temp'))
  if (millidegrees === null || !isReal(millidegrees / 1_000)) return []
  return [{ id: 'apex_0', name: 'Coral', celsius: millidegrees / 1_000, limitCelsius: CORAL_LIMIT_C }]
}
