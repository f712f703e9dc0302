import type { MachineFacts } from '../facts.ts'
import { judge, pci, type Found, type Probe } from './probe.ts'

interface HailoChip {
  device: string
  name: string
  /** Kernel module that binds it. */
  module: string
  /** The other generation's module, which does not. */
  wrongModule: string
  release: string
  /** What brings the driver. */
  install: string
}

const EIGHT = { module: 'hailo_pci', wrongModule: 'hailo1x_pci', release: 'HailoRT 4' }
const TEN = { module: 'hailo1x_pci', wrongModule: 'hailo_pci', release: 'HailoRT 5' }

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
  const { name, module, wrongModule, release, install } = chip
  const isWrong = facts.modules.has(wrongModule) && !facts.modules.has(module)
  const version = facts.modules.get(module)
  const found = judge(facts, {
    name,
    hint: `It is reached through the Hailo sidecar${version ? ` (driver ${version})` : ''}.`,
    nodes: ['/dev/hailo0'],
    hasDriver: facts.modules.has(module) || driver !== null,
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
