import type { MachineFacts, PciDevice } from './facts.ts'
import type { Accelerator } from './types.ts'

/** One line of the table of hardware that can speed up detection. `find` is pure: facts in, what was found out. */
interface Probe {
  kind: string
  find(facts: MachineFacts): Found[]
}

interface Found {
  name: string
  /** Its driver is loaded and its device node is there. */
  ready: boolean
  /** What to do, or what Lares does with it. */
  hint: string
}

const NVIDIA = '10de'
const INTEL = '8086'
const AMD = '1002'

/** Detection through these arrives with remote detectors; until then they are shown, so that nobody wonders. */
const NOT_USED_YET = 'Lares does not use it by itself yet; detection runs on the processor.'

export const PROBES: readonly Probe[] = [
  {
    kind: 'nvidia-gpu',
    find: (facts) =>
      pci(facts, (each) => each.vendor === NVIDIA && /^030[02]/.test(each.class)).map(() => {
        const ready = facts.exists('/dev/nvidia0') && facts.exists('/proc/driver/nvidia/version')
        return found(
          'NVIDIA graphics card',
          ready,
          'Lares tries TensorRT and CUDA on it.',
          'Install the NVIDIA driver.',
        )
      }),
  },
  {
    kind: 'jetson',
    find: (facts) => {
      const chip = JETSONS.find(([id]) => facts.compatible.includes(`nvidia,tegra${id}`))
      if (!chip) return []
      const ready = ['/dev/nvhost-gpu', '/dev/nvgpu/igpu0', '/dev/nvmap'].some((node) => facts.exists(node))
      return [found(`NVIDIA ${chip[1]}`, ready, NOT_USED_YET, "Install NVIDIA's JetPack system.")]
    },
  },
  {
    kind: 'hailo',
    find: (facts) =>
      HAILOS.flatMap(([device, name, driver]) =>
        pci(facts, (each) => each.vendor === '1e60' && each.device === device).map(() =>
          found(name, facts.exists('/dev/hailo0'), NOT_USED_YET, `Install the Hailo driver (${driver}).`),
        ),
      ),
  },
  {
    kind: 'coral',
    find: (facts) => [
      ...pci(facts, (each) => each.vendor === '1ac1' && each.device === '089a').map(() =>
        found('Coral (PCIe)', facts.exists('/dev/apex_0'), NOT_USED_YET, 'Install the gasket and apex drivers.'),
      ),
      ...coralUsb(facts),
    ],
  },
  {
    kind: 'intel-gpu',
    find: (facts) =>
      pci(facts, (each) => each.vendor === INTEL && each.class.startsWith('03')).map(({ driver }) => {
        const ready = (driver === 'i915' || driver === 'xe') && facts.exists('/dev/dri/renderD128')
        return found('Intel graphics', ready, 'Lares tries WebGPU on it.', 'Its driver (i915 or xe) is not loaded.')
      }),
  },
  {
    kind: 'intel-npu',
    find: (facts) =>
      pci(facts, (each) => each.vendor === INTEL && each.class.startsWith('1200')).map(({ driver }) => {
        const ready = driver === 'intel_vpu' && facts.exists('/dev/accel/accel0')
        return found('Intel NPU', ready, NOT_USED_YET, 'Its driver (intel_vpu) is not loaded.')
      }),
  },
  {
    kind: 'amd-gpu',
    find: (facts) =>
      pci(facts, (each) => each.vendor === AMD && each.class.startsWith('03')).map(() =>
        found(
          'AMD graphics',
          facts.exists('/dev/dri/renderD128'),
          'Lares tries WebGPU on it.',
          'Its driver is not loaded.',
        ),
      ),
  },
  {
    kind: 'amd-npu',
    find: (facts) =>
      pci(facts, (each) => each.vendor === '1022' && ['1502', '17f0'].includes(each.device)).map(({ driver }) => {
        const ready = driver === 'amdxdna' && facts.exists('/dev/accel/accel0')
        return found('AMD Ryzen AI', ready, NOT_USED_YET, 'Its driver (amdxdna) is not loaded.')
      }),
  },
  {
    kind: 'rockchip',
    find: (facts) => {
      const chip = facts.compatible.find((each) => /^rockchip,rk35(62|66|68|76|88s?)$/.test(each))
      if (!chip) return []
      const ready = facts.exists('/sys/kernel/debug/rknpu/version') || facts.exists('/dev/accel/accel0')
      const name = `Rockchip ${chip.slice('rockchip,'.length).toUpperCase()} NPU`
      return [found(name, ready, NOT_USED_YET, 'The kernel has no NPU driver (rknpu or rocket).')]
    },
  },
  {
    kind: 'memryx',
    find: (facts) =>
      pci(facts, (each) => each.vendor === '1fe9').map(() =>
        found('MemryX MX3', facts.exists('/dev/memx0'), NOT_USED_YET, 'Install the MemryX driver.'),
      ),
  },
  {
    kind: 'video-decoder',
    find: (facts) =>
      facts.videoNames
        .filter((name) => DECODERS[name] !== undefined)
        .map((name) => ({ name: DECODERS[name] ?? name, ready: true, hint: 'It can decode camera streams.' })),
  },
]

const JETSONS = [
  ['210', 'Jetson Nano'],
  ['186', 'Jetson TX2'],
  ['194', 'Jetson Xavier'],
  ['234', 'Jetson Orin'],
  ['264', 'Jetson Thor'],
] as const

/** Hailo-8 and 8L share one number; only Hailo's own tool tells them apart. */
const HAILOS = [
  ['2864', 'Hailo-8 or Hailo-8L', 'HailoRT 4'],
  ['45c4', 'Hailo-10H', 'HailoRT 5'],
  ['43a2', 'Hailo-15L', 'HailoRT 5'],
] as const

const DECODERS: Readonly<Record<string, string>> = {
  'bcm2835-codec-decode': 'Raspberry Pi H.264 decoder',
  rpivid: 'Raspberry Pi HEVC decoder',
  'rpi-hevc-dec': 'Raspberry Pi HEVC decoder',
}

function pci(facts: MachineFacts, matches: (device: PciDevice) => boolean): PciDevice[] {
  return facts.pci.filter(matches)
}

function found(name: string, ready: boolean, hintWhenReady: string, hintWhenNot: string): Found {
  return { name, ready, hint: ready ? hintWhenReady : hintWhenNot }
}

/** The stick changes its numbers once a program has loaded its firmware. */
function coralUsb(facts: MachineFacts): Found[] {
  const has = (vendor: string, product: string): boolean =>
    facts.usb.some((each) => each.vendor === vendor && each.product === product)
  const fresh = 'It is plugged in; its firmware is loaded by the first program that uses it.'
  if (has('18d1', '9302')) return [found('Coral USB stick', true, NOT_USED_YET, '')]
  return has('1a6e', '089a') ? [found('Coral USB stick', false, '', fresh)] : []
}

export function findAccelerators(facts: MachineFacts): Accelerator[] {
  return PROBES.flatMap(({ kind, find }) => find(facts).map((each) => ({ kind, present: true, ...each })))
}
