import type { MachineFacts } from '../facts.ts'
import { judge, pci, rightsFix, type Found, type Probe } from './probe.ts'

export const ROCKCHIP_WITH_NPU = /^rockchip,rk35(62|66|68|76|88s?)$/

export const rockchip: Probe = {
  kind: 'rockchip',
  find: (facts) => {
    const chip = facts.compatible.find((each) => ROCKCHIP_WITH_NPU.test(each))
    return chip ? [judgeRockchip(facts, `Rockchip ${chip.slice('rockchip,'.length).toUpperCase()} NPU`)] : []
  },
}

/** The maker's kernel brings `rknpu`, which may show itself as a render node; mainline kernels bring `rocket`. */
function judgeRockchip(facts: MachineFacts, name: string): Found {
  const own = [...facts.render, ...facts.accel].find(({ driver }) => /^(rknpu|rocket)$/i.test(driver ?? ''))
  const accel = facts.accel.find(({ driver }) => driver === null)
  const path = own?.node ?? accel?.node
  const node = path === undefined ? null : facts.node(path)
  const version = facts.modules.get('rknpu')
  const hint = `It is reached through the Rockchip sidecar${version ? ` (driver ${version})` : ''}.`
  if (node) return { name, hint, ready: node.mayUse, fix: node.mayUse ? null : rightsFix(facts, node) }
  // Old vendor kernels hide the node behind another name; what they say about themselves must do.
  if (facts.node('/sys/kernel/debug/rknpu/version') || facts.modules.has('rknpu'))
    return { name, hint, ready: true, fix: null }
  const fix = facts.isContainer
    ? 'The container does not see it: hand in --device /dev/dri.'
    : 'The kernel has no NPU driver: install an image with the maker’s kernel (rknpu), or kernel 6.18 and later (rocket).'
  return { name, hint, ready: false, fix }
}

export const memryx: Probe = {
  kind: 'memryx',
  find: (facts) =>
    pci(facts, (each) => each.vendor === '1fe9').map(({ driver }) =>
      judge(facts, {
        name: 'MemryX MX3',
        hint: 'Lares has no way to use it yet; detection runs on the processor.',
        nodes: ['/dev/memx0'],
        hasDriver: driver !== null,
        driverFix: 'Its driver is missing: install memx-drivers from MemryX, then restart the box.',
      }),
    ),
}
