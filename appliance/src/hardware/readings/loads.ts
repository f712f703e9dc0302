import { join } from 'node:path'
import { listNames, readLinkName, readNumber, readText } from '../read-files.ts'
import type { MachineReading } from '../types.ts'

type Load = MachineReading['loads'][number]

/** Busy and whole time of all cores since the machine was switched on, in ticks. */
export interface CpuTicks {
  busy: number
  whole: number
}

/** What was counted at the last reading: some loads are the difference of two. */
export interface Counted {
  cpu: CpuTicks | null
  /** Intel's NPU counts its busy milliseconds. */
  npuBusyMs: number | null
  atMs: number
}

export function parseCpuTicks(stat: string): CpuTicks | null {
  const values = /^cpu\s+(.+)$/m.exec(stat)?.[1]?.trim().split(/\s+/).map(Number)
  if (!values || values.length < 4 || !values.every(Number.isFinite)) return null
  // The last two, guest time, are counted in the first two already.
  const whole = values.slice(0, 8).reduce((sum, value) => sum + value, 0)
  const idle = (values[3] ?? 0) + (values[4] ?? 0)
  return { busy: whole - idle, whole }
}

/** Share of busy time between two counts, or null when nothing has passed. */
export function cpuPercent(before: CpuTicks | null, now: CpuTicks | null): number | null {
  if (!before || !now || now.whole <= before.whole) return null
  return clampPercent((100 * (now.busy - before.busy)) / (now.whole - before.whole))
}

/** `NPU load:  Core0: 12%, Core1:  0%, Core2:  3%,` or `NPU load: 7%`. */
export function parseRknpuLoad(text: string): number | null {
  const shares = [...text.matchAll(/(\d+)%/g)].map(([, share]) => Number(share))
  return shares.length === 0 ? null : clampPercent(shares.reduce((sum, share) => sum + share, 0) / shares.length)
}

function clampPercent(value: number): number {
  return Math.min(100, Math.max(0, Math.round(value)))
}

/** Loads of this moment, and what the next reading is compared with. */
export async function readLoads(
  root: string,
  before: Counted | null,
  atMs: number,
): Promise<{ loads: Load[]; counted: Counted }> {
  const counted: Counted = {
    cpu: parseCpuTicks(await readText(join(root, '/proc/stat'))),
    npuBusyMs: await readNpuBusyMs(root),
    atMs,
  }
  const loads = [
    loadOf('cpu', 'Processor', cpuPercent(before?.cpu ?? null, counted.cpu)),
    loadOf('gpu', 'Graphics', await readGpu(root)),
    loadOf('npu', 'NPU', parseRknpuLoad(await readText(join(root, '/sys/kernel/debug/rknpu/load')))),
    loadOf('intel-npu', 'NPU', npuPercent(before, counted)),
  ]
  return { loads: loads.flat(), counted }
}

function loadOf(id: string, name: string, percent: number | null): Load[] {
  return percent === null ? [] : [{ id, name, percent }]
}

/** A Jetson tells tenths of a percent; AMD's driver whole ones. */
async function readGpu(root: string): Promise<number | null> {
  for (const path of ['/sys/devices/gpu.0/load', '/sys/devices/platform/gpu.0/load']) {
    const tenths = await readNumber(join(root, path))
    if (tenths !== null) return clampPercent(tenths / 10)
  }
  for (const card of await listNames(join(root, '/sys/class/drm'))) {
    if (!/^card\d+$/.test(card)) continue
    const percent = await readNumber(join(root, `/sys/class/drm/${card}/device/gpu_busy_percent`))
    if (percent !== null) return clampPercent(percent)
  }
  return null
}

async function readNpuBusyMs(root: string): Promise<number | null> {
  for (const name of await listNames(join(root, '/sys/class/accel'))) {
    const device = join(root, '/sys/class/accel', name, 'device')
    if ((await readLinkName(join(device, 'driver'))) !== 'intel_vpu') continue
    return readNumber(join(device, 'power/runtime_active_time'))
  }
  return null
}

function npuPercent(before: Counted | null, now: Counted): number | null {
  if (before?.npuBusyMs == null || now.npuBusyMs === null || now.atMs <= before.atMs) return null
  return clampPercent((100 * (now.npuBusyMs - before.npuBusyMs)) / (now.atMs - before.atMs))
}
