// The rule sets of docs/guide/firewall.md, taken from the page itself: what is documented is what is tried.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../../docs/guide/firewall.md', import.meta.url))
export const IMAGE_RULES = fileURLToPath(
  new URL('../../firmware-image/image/overlay/etc/nftables.conf', import.meta.url),
)
export const SETS = ['ufw', 'ufw remote', 'iptables', 'iptables remote', 'docker', 'vlan'] as const
export type RuleSet = (typeof SETS)[number]

/** By name. Throws when the page lacks one, or has one that nobody tries. */
export function readDocumentedRules(text = readFileSync(PAGE, 'utf8')): Readonly<Record<RuleSet, string>> {
  const blocks = [...text.matchAll(/<!-- firewall: ([\w ]+) -->\s*```\w+\n([\s\S]*?)```/g)]
  const found = Object.fromEntries(blocks.map(([, name = '', rules = '']) => [name, rules]))
  const names = Object.keys(found)
  const missing = SETS.filter((name) => !names.includes(name))
  const unknown = names.filter((name) => !(SETS as readonly string[]).includes(name))
  if (missing.length + unknown.length + (blocks.length - names.length) > 0)
    throw new Error(`docs/guide/firewall.md: missing ${missing.join(', ')}; nobody tries ${unknown.join(', ')}`)
  return found as Record<RuleSet, string>
}
