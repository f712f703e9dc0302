// What each rule set has to let through, and whether it does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firewallText } from '../../appliance/src/host/agent/wireguard-files.ts'
import { IMAGE_RULES, type RuleSet } from './documented-rules.ts'
import { applyNft, applyShell, tryOnBox, tryOnDocker, tryOnRouter, type Reachable } from './try-rules.ts'

/** One rule set: what it should be and what it was, as text that can be compared. */
export interface Verdict {
  name: string
  checks: { what: string; expected: string; found: string }[]
}

export const isGood = ({ checks }: Verdict): boolean => checks.every(({ expected, found }) => expected === found)

const APP = [80, 443]
const MDNS = 5353
const WIREGUARD = 51_820
const NOBODY = { tcp: [], udp: [] }
const textOf = ({ tcp, udp }: Reachable): string => `TCP ${tcp.join(' ') || 'none'}; UDP ${udp.join(' ') || 'none'}`

async function onBox(
  name: string,
  apply: Parameters<typeof tryOnBox>[0],
  expected: { atHome: Reachable; stranger: Reachable },
): Promise<Verdict> {
  const found = await tryOnBox(apply)
  const check = (what: string, who: 'atHome' | 'stranger') => ({
    ...{ what, expected: textOf(expected[who]), found: textOf(found[who]) },
  })
  return { name, checks: [check('from home', 'atHome'), check('from elsewhere', 'stranger')] }
}

/** The image lets the app be reached from wherever it is asked: which networks the box hangs in, it cannot know. */
async function judgeImage(): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lares-firewall-'))
  const remote = join(folder, 'remote.nft')
  const [privateKey, homeNetworks] = ['', [] as string[]]
  const setup = { privateKey, address: '10.99.3.1', listenPort: WIREGUARD, appPorts: APP, homeNetworks, peers: [] }
  writeFileSync(remote, firewallText(setup))
  const plain = { tcp: APP, udp: [MDNS] }
  const open = { tcp: APP, udp: [MDNS, WIREGUARD] }
  try {
    return [
      await onBox('image', applyNft(IMAGE_RULES), { atHome: plain, stranger: plain }),
      await onBox('image with remote access', applyNft(IMAGE_RULES, remote), { atHome: open, stranger: open }),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const atHome = { tcp: APP, udp: [MDNS] }
const remoteAtHome = { tcp: APP, udp: [MDNS, WIREGUARD] }
const remoteStranger = { tcp: [], udp: [WIREGUARD] }

async function judgeShell(kind: 'ufw' | 'iptables', rules: Readonly<Record<RuleSet, string>>): Promise<Verdict[]> {
  const remote = applyShell(rules[kind], rules[`${kind} remote`])
  return [
    await onBox(kind, applyShell(rules[kind]), { atHome, stranger: NOBODY }),
    await onBox(`${kind} with remote access`, remote, { atHome: remoteAtHome, stranger: remoteStranger }),
  ]
}

async function judgeDocker(rules: Readonly<Record<RuleSet, string>>): Promise<Verdict> {
  const { before, after } = await tryOnDocker(applyShell(rules.docker))
  const published = { tcp: [80, 443, 5432, 8000], udp: [] }
  const checks = [
    { what: 'published, without rules', expected: textOf(published), found: textOf(before) },
    { what: 'from home', expected: textOf({ tcp: APP, udp: [] }), found: textOf(after) },
  ]
  return { name: 'docker', checks }
}

const ROUTER = {
  ...{ 'Lares → camera': true, 'Lares → internet': true, 'computer → camera': false, 'camera → Lares': false },
  ...{ 'camera → internet': false, 'internet → Lares': false, 'internet → camera': false },
}

async function judgeVlan(rules: Readonly<Record<RuleSet, string>>): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'lares-firewall-'))
  const file = join(folder, 'vlan.nft')
  writeFileSync(file, rules.vlan)
  try {
    const found = await tryOnRouter(applyNft(file))
    const words = (gets: boolean | undefined): string => (gets ? 'gets through' : 'does not')
    const checks = Object.entries(ROUTER).map(([what, gets]) => ({
      ...{ what, expected: words(gets), found: words(found[what]) },
    }))
    return { name: 'vlan', checks }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** All of them, one after the other. */
export async function* judgeAll(rules: Readonly<Record<RuleSet, string>>): AsyncGenerator<Verdict> {
  yield* await judgeImage()
  yield* await judgeShell('ufw', rules)
  yield* await judgeShell('iptables', rules)
  yield await judgeDocker(rules)
  yield await judgeVlan(rules)
}
