/** A node of a device tree that says what it is. */
export interface TreeNode {
  /** `/soc/serial@7d001000`. */
  path: string
  compatible: string[]
  /** `okay` when the node says nothing, as the specification has it. */
  status: string
}

/** From what `dtc -O dts` prints. Only what is needed to know which devices are switched on. */
export function parseDeviceTree(source: string): TreeNode[] {
  const nodes: TreeNode[] = []
  const open: TreeNode[] = []
  for (const line of source.split('\n').map((each) => each.trim())) {
    const opens = /^(?:[\w,]+:\s*)*([\w,.+@/-]+)\s*\{$/.exec(line)
    if (opens) {
      const parent = open.at(-1)
      const name = opens[1] as string
      const node = { path: name === '/' ? '' : `${parent?.path ?? ''}/${name}`, compatible: [], status: 'okay' }
      open.push(node)
      nodes.push(node)
    } else if (line.startsWith('}')) open.pop()
    else note(open.at(-1), line)
  }
  return nodes.filter(({ compatible }) => compatible.length > 0)
}

function note(node: TreeNode | undefined, line: string): void {
  const property = /^(compatible|status)\s*=\s*(.*);$/.exec(line)
  if (!node || !property) return
  const texts = [...(property[2] ?? '').matchAll(/"([^"]*)"/g)].flatMap((match) => (match[1] ?? '').split('\\0'))
  if (property[1] === 'compatible') node.compatible = texts
  else node.status = texts[0] ?? 'okay'
}

/** How many nodes of that kind are switched on, with everything above them. */
export function switchedOn(nodes: readonly TreeNode[], compatible: string): TreeNode[] {
  const off = nodes.filter(({ status }) => status !== 'okay' && status !== 'ok')
  const isOff = (path: string): boolean => off.some((each) => path === each.path || path.startsWith(`${each.path}/`))
  return nodes.filter((node) => node.compatible.includes(compatible) && !isOff(node.path))
}
