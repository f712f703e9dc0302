import type { MachineFacts } from '../facts.ts'
import { judge, pci, type Found, type Probe } from './probe.ts'

interface HailoChip {
  device: string
  name: string
  /** Kernel modules that may bind it, the usual one first. */
  modules: readonly string[]
  /** A module that only ever binds the other generation, if there is one. */
  wrongModule: string | null
  release: string
  /** What brings the driver. */
  install: string
}

const EIGHT = { modules: ['hailo_pci'], wrongModule: 'hailo1x_pci', release: 'HailoRT 4' }
/** HailoRT 5 called its module and node as version 4 does until 5.3; which of the two it is then shows in its version. */
const TEN = { modules: ['hailo1x_pci', 'hailo_pci'], wrongModule: null, release: 'HailoRT 5' }
const NODES = ['/dev/hailo0', '/dev/h1x-0']

/** Hailo-8 and 8L share one number; only Hailo's own tool tells them apart. */
const CHIPS: readonly HailoChip[] = [
  { device: '2864', name: 'Hailo-8 or Hailo-8L', ...EIGHT, install: 'hailo-all on Raspberry Pi OS' },
  { device: '45c4', name: 'Hailo-10H', ...TEN, install: 'hailo-h10-all on Raspberry Pi OS' },
  { device: '43a2', name: 'Hailo-15L', ...TEN, install: 'HailoRT 5 from Hailo’s developer pages' },
]

export const hailo: Probe = {
  kind: 'hailo',
  find: (facts) =>
    CHIPS.flatMap((chip) =>
      pci(facts, (each) => each.vendor === '1e60' && each.device === chip.device).map(({ driver }) =>
        judgeChip(facts, chip, driver),
      ),
    ),
}

function judgeChip(facts: MachineFacts, chip: HailoChip, driver: string | null): Found {
  const { name, modules, wrongModule, release, install } = chip
  const module = modules.find((each) => facts.modules.has(each))
  const isWrong = wrongModule !== null && facts.modules.has(wrongModule) && module === undefined
  const version = module && facts.modules.get(module)
  const found = judge(facts, {
    name,
    hint: `It is reached through the Hailo sidecar${version ? ` (driver ${version})` : ''}.`,
    nodes: NODES,
    hasDriver: module !== undefined || driver !== null,
    driverFix: isWrong
      ? `The loaded driver (${wrongModule}) is of another generation and does not know it: install that of ${release} (${install}), then restart the box.`
      : `Its driver is missing: install that of ${release} (${install}, elsewhere hailort-pcie-driver), then restart the box.`,
  })
  // The node of the other generation's chip says nothing about this one.
  if (found.ready && isWrong)
    return { ...found, ready: false, fix: `${name} needs the driver of ${release}; loaded is ${wrongModule}.` }
  const wanted = release.split(' ')[1] ?? ''
  if (found.ready && version && !version.startsWith(`${wanted}.`)) {
    const fix = `Its driver has version ${version}, but ${release} is needed: install ${install}, then restart the box.`
    return { ...found, ready: false, fix }
  }
  return found
}
