import type { MachineFacts, UsbDevice } from '../facts.ts'
import { judge, pci, rightsFix, type Found, type Probe } from './probe.ts'

const HINT = 'It is reached through the Coral sidecar.'

export const coral: Probe = {
  kind: 'coral',
  find: (facts) => [
    ...pci(facts, (each) => each.vendor === '1ac1' && each.device === '089a').map(({ driver }) =>
      judge(facts, {
        name: 'Coral (PCIe)',
        hint: HINT,
        nodes: ['/dev/apex_0'],
        hasDriver: driver === 'apex',
        driverFix: 'Its drivers gasket and apex are missing: install gasket-dkms, then restart the box.',
      }),
    ),
    ...facts.usb.filter(isCoral).map((stick) => judgeStick(facts, stick)),
  ],
}

/** The stick changes its numbers once a program has loaded its firmware. */
function isCoral({ vendor, product }: UsbDevice): boolean {
  return `${vendor}:${product}` === '18d1:9302' || hasNoFirmware({ vendor, product })
}

function hasNoFirmware({ vendor, product }: Pick<UsbDevice, 'vendor' | 'product'>): boolean {
  return `${vendor}:${product}` === '1a6e:089a'
}

function judgeStick(facts: MachineFacts, stick: UsbDevice): Found {
  const name = 'Coral USB stick'
  const node = stick.node === null ? null : facts.node(stick.node)
  if (node && !node.mayUse) {
    const fix = `${rightsFix(facts, node)} The package libedgetpu1-std brings a rule that does this for the group plugdev.`
    return { name, hint: HINT, ready: false, fix }
  }
  if (stick.node !== null && !node && facts.isContainer) {
    const fix = 'The container does not see it: hand in --device /dev/bus/usb.'
    return { name, hint: HINT, ready: false, fix }
  }
  if (!hasNoFirmware(stick)) return { name, hint: HINT, ready: true, fix: null }
  const hint = `${HINT} Its firmware is loaded by the first program that uses it; it may take another number on the bus then.`
  const fix = 'It waits for its firmware: install libedgetpu1-std and start the Coral sidecar once.'
  return { name, hint, ready: false, fix }
}
