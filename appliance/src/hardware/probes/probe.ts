import type { GraphicsNode, MachineFacts, PciDevice } from '../facts.ts'
import type { DeviceNode } from '../nodes.ts'

/** One line of the table of hardware that can speed up detection. `find` is pure: facts in, what was found out. */
export interface Probe {
  kind: string
  find(facts: MachineFacts): Found[]
}

export interface Found {
  name: string
  /** Its driver is loaded, its device node is there and may be used. */
  ready: boolean
  /** What it is good for, or what is known about it. */
  hint: string
  /** What has to be done before it can be used, or null. */
  fix: string | null
}

/** What a piece of hardware needs in order to be ready. */
interface Need {
  name: string
  hint: string
  /** Device nodes of which one is enough; the first is the one to name. */
  nodes: readonly string[]
  /** Whether the right driver has taken it. */
  hasDriver: boolean
  /** What to do when it has none. */
  driverFix: string
}

/** Goes through what may be missing, in the order in which a person would put it right. */
export function judge(facts: MachineFacts, { name, hint, nodes, hasDriver, driverFix }: Need): Found {
  const node = nodes.map((path) => facts.node(path)).find((each) => each !== null)
  if (node?.mayUse) return { name, hint, ready: true, fix: null }
  const fix = node ? rightsFix(facts, node) : hasDriver ? nodeFix(facts, nodes[0] ?? '') : driverFix
  return { name, hint, ready: false, fix }
}

export function rightsFix({ isContainer }: MachineFacts, { path, group }: DeviceNode): string {
  const how = isContainer
    ? `Give the container that group: --group-add ${group}.`
    : `Add the user that runs Lares to it: sudo usermod -aG ${group} USER, then start Lares anew.`
  return `Lares may not use ${path}, which belongs to the group ${group}. ${how}`
}

export function nodeFix({ isContainer }: MachineFacts, path: string): string {
  const how = isContainer
    ? `Hand it to the container: --device ${path}.`
    : 'Restart the box; if that does not help, look into the kernel log (dmesg).'
  return `Its driver is loaded, but ${path} is not there. ${how}`
}

export function pci(facts: MachineFacts, matches: (device: PciDevice) => boolean): PciDevice[] {
  return facts.pci.filter(matches)
}

/** The node of a device; the first one when the kernel does not say whose is whose. */
export function nodeOf(nodes: readonly GraphicsNode[], device: string): string | null {
  const own = nodes.find((each) => each.device === device)
  if (own) return own.node
  return nodes.find((each) => each.device === null)?.node ?? null
}
