import type { MachineFacts, PciDevice } from '../facts.ts'
import { judge, nodeOf, pci, type Found, type Probe } from './probe.ts'

const INTEL = '8086'
const AMD_GRAPHICS = '1002'
const AMD = '1022'

export const intelGpu: Probe = {
  kind: 'intel-gpu',
  find: (facts) =>
    pci(facts, (each) => each.vendor === INTEL && each.class.startsWith('03')).map((card) =>
      graphics(facts, card, 'Intel graphics', ['i915', 'xe'], 'OpenVINO sidecar'),
    ),
}

export const amdGpu: Probe = {
  kind: 'amd-gpu',
  find: (facts) =>
    pci(facts, (each) => each.vendor === AMD_GRAPHICS && each.class.startsWith('03')).map((card) => {
      const found = graphics(facts, card, 'AMD graphics', ['amdgpu', 'radeon'], null)
      const rocm = facts.node('/dev/kfd') ? ' Its compute node (ROCm) is there.' : ''
      return { ...found, hint: `${found.hint}${rocm}` }
    }),
}

/** Graphics that WebGPU (Vulkan) may use. */
function graphics(
  facts: MachineFacts,
  { address, driver }: PciDevice,
  name: string,
  drivers: readonly string[],
  sidecar: string | null,
): Found {
  const node = nodeOf(facts.render, address)
  const hasDriver = driver !== null && drivers.includes(driver)
  const found = judge(facts, {
    name,
    hint: `Lares tries WebGPU on it${sidecar ? `; the ${sidecar} can use it too` : ''}.`,
    nodes: node ? [node] : ['/dev/dri/renderD128'],
    hasDriver,
    driverFix: `Its driver (${drivers.join(' or ')}) is not loaded: a newer kernel or the package firmware-misc-nonfree helps most often.`,
  })
  // Somebody else's render node makes no driver.
  return found.ready && !hasDriver ? { ...found, ready: false, fix: driverFixOf(driver, drivers) } : found
}

function driverFixOf(driver: string | null, drivers: readonly string[]): string {
  const now = driver === null ? 'No driver has taken it' : `The driver ${driver} has taken it`
  return `${now}; ${drivers.join(' or ')} is needed. A newer kernel helps most often.`
}

/** Known numbers; others are found by their class or driver, because makers add some every year. */
const INTEL_NPUS: readonly string[] = ['7d1d', 'ad1d', '643e', 'b03e']

export const intelNpu: Probe = {
  kind: 'intel-npu',
  find: (facts) =>
    pci(
      facts,
      (each) =>
        each.vendor === INTEL &&
        (each.class.startsWith('1200') || each.driver === 'intel_vpu' || INTEL_NPUS.includes(each.device)),
    ).map((npu) =>
      compute(facts, npu, 'Intel NPU', 'intel_vpu', 'It is reached through the OpenVINO sidecar.', 'kernel 6.3'),
    ),
}

export const amdNpu: Probe = {
  kind: 'amd-npu',
  find: (facts) =>
    pci(
      facts,
      (each) => each.vendor === AMD && (['1502', '17f0'].includes(each.device) || each.driver === 'amdxdna'),
    ).map((npu) =>
      compute(
        facts,
        npu,
        'AMD Ryzen AI',
        'amdxdna',
        'Lares has no way to use it yet; detection runs on the processor.',
        'kernel 6.14',
      ),
    ),
}

function compute(
  facts: MachineFacts,
  { address, driver }: PciDevice,
  name: string,
  wantedDriver: string,
  hint: string,
  kernel: string,
): Found {
  const node = nodeOf(facts.accel, address)
  const hasDriver = driver === wantedDriver
  const driverFix = `Its driver (${wantedDriver}) is not loaded: it comes with ${kernel} and later.`
  const found = judge(facts, { name, hint, nodes: [node ?? '/dev/accel/accel0'], hasDriver, driverFix })
  return found.ready && !hasDriver ? { ...found, ready: false, fix: driverFix } : found
}
