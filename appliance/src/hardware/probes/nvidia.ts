import type { MachineFacts, PciDevice } from '../facts.ts'
import { judge, pci, type Found, type Probe } from './probe.ts'

const NVIDIA = '10de'

/** Older ones do not run the CUDA 12 libraries of ONNX Runtime. */
const OLDEST_DRIVER = 525

/** Version of the kernel module, for example 545.23, or null. */
export function nvidiaDriverVersion({ nvidiaVersion }: MachineFacts): string | null {
  return /Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)*)/.exec(nvidiaVersion)?.[1] ?? null
}

export const nvidiaGpu: Probe = {
  kind: 'nvidia-gpu',
  find: (facts) =>
    pci(facts, (each) => each.vendor === NVIDIA && /^030[02]/.test(each.class)).map((card) => gpu(facts, card)),
}

function gpu(facts: MachineFacts, { driver }: PciDevice): Found {
  const version = nvidiaDriverVersion(facts)
  const found = judge(facts, {
    name: 'NVIDIA graphics card',
    hint: version ? `Lares tries TensorRT and CUDA on it (driver ${version}).` : 'Lares tries TensorRT and CUDA on it.',
    nodes: ['/dev/nvidia0'],
    hasDriver: facts.nvidiaVersion !== '',
    driverFix:
      driver === 'nouveau'
        ? 'It runs with the driver nouveau, which cannot compute. Install NVIDIA’s own (Debian, Ubuntu: nvidia-driver), then restart the box.'
        : 'Its driver is missing: install nvidia-driver (Debian, Ubuntu), then restart the box.',
  })
  if (!found.ready) return found
  if (facts.nvidiaVersion === '')
    return { ...found, ready: false, fix: 'Its driver is not loaded: restart the box, or sudo modprobe nvidia.' }
  if (version !== null && Number.parseInt(version, 10) < OLDEST_DRIVER) {
    const fix = `Its driver ${version} is too old: version ${OLDEST_DRIVER} or later is needed. Install a newer nvidia-driver.`
    return { ...found, ready: false, fix }
  }
  return found
}

const JETSONS = [
  ['210', 'Jetson Nano'],
  ['186', 'Jetson TX2'],
  ['194', 'Jetson Xavier'],
  ['234', 'Jetson Orin'],
  ['264', 'Jetson Thor'],
] as const

export const jetson: Probe = {
  kind: 'jetson',
  find: (facts) => {
    const chip = JETSONS.find(([id]) => facts.compatible.includes(`nvidia,tegra${id}`))
    if (!chip) return []
    const release = /R(\d+).*REVISION:\s*([\d.]+)/.exec(facts.jetsonRelease)
    const l4t = release ? ` (L4T ${release[1]}.${release[2]})` : ''
    return [
      judge(facts, {
        name: `NVIDIA ${chip[1]}`,
        hint: `Its GPU is reached through the TensorRT sidecar${l4t}.`,
        nodes: ['/dev/nvhost-gpu', '/dev/nvgpu/igpu0', '/dev/nvmap'],
        hasDriver: false,
        driverFix: facts.isContainer
          ? 'The container does not see the GPU: start it with --runtime nvidia.'
          : 'Its GPU driver is missing: install NVIDIA’s JetPack system.',
      }),
    ]
  },
}
