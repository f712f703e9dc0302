// Sets each rule set up in network namespaces and looks from outside what answers.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChildProcess } from 'node:child_process'
import { createNamespace, plug, type Namespace } from './namespaces.ts'

export interface Reachable {
  tcp: number[]
  udp: number[]
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const BOX = '192.168.1.20'
const AT_HOME = '192.168.1.5'
const STRANGER = '198.51.100.9'

async function scan(from: Namespace, address: string): Promise<Reachable> {
  const { code, out } = await from.runBeside(process.execPath, [here('scan.ts'), address])
  if (code !== 0) throw new Error(`The scan failed: ${out}`)
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Reachable
}

async function serve(box: Namespace): Promise<ChildProcess> {
  const child = box.start(process.execPath, [here('serve.ts')])
  child.stderr?.pipe(process.stderr)
  await once(child.stdout!, 'data')
  return child
}

const linkOf = (side: Namespace, address: string): string =>
  side.must('ip', ['-o', 'address', 'show', 'to', address]).split(/\s+/)[1] ?? ''

/** Rules name their links: the one with this address gets the name. */
function rename(side: Namespace, address: string, name: string): void {
  const link = linkOf(side, address)
  side.must('ip', ['link', 'set', link, 'down'])
  side.must('ip', ['link', 'set', link, 'name', name])
  side.must('ip', ['link', 'set', name, 'up'])
}

async function within<T>(namespaces: readonly Namespace[], work: (begun: ChildProcess[]) => Promise<T>): Promise<T> {
  const begun: ChildProcess[] = []
  try {
    return await work(begun)
  } finally {
    for (const child of begun) child.kill('SIGKILL')
    for (const each of namespaces) each.remove()
  }
}

/** UFW keeps its rules in /etc/ufw: here in copies that only this call sees. */
const ownUfw = (folder: string, rules: string): string =>
  [
    'set -e',
    `cp -a /etc/ufw ${folder}/ufw`,
    `cp /etc/default/ufw ${folder}/default`,
    `mount --bind ${folder}/ufw /etc/ufw`,
    `mount --bind ${folder}/default /etc/default/ufw`,
    rules,
  ].join('\n')

export type Apply = (box: Namespace) => void

/** Rules that are commands. */
export const applyShell =
  (...rules: readonly string[]): Apply =>
  (box) => {
    const folder = mkdtempSync(join(tmpdir(), 'lares-firewall-'))
    try {
      box.must('unshare', ['--mount', 'sh', '-c', ownUfw(folder, rules.join('\n'))])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

export const applyNft =
  (...files: readonly string[]): Apply =>
  (box) => {
    for (const file of files) box.must('nft', ['--file', file])
  }

/** A box and two who try its ports: one in the home network, one who is in none of its networks. */
export async function tryOnBox(apply: Apply): Promise<{ atHome: Reachable; stranger: Reachable }> {
  const [box, guest] = [createNamespace('box'), createNamespace('guest')]
  return within([box, guest], async (begun) => {
    plug(guest, box, [`${AT_HOME}/24`, `${BOX}/24`])
    rename(box, BOX, 'eth0')
    begun.push(await serve(box))
    apply(box)
    const atHome = await scan(guest, BOX)
    // The same cable, another address: what a forwarded port or a neighbour in a wrong network looks like.
    guest.must('ip', ['address', 'add', `${STRANGER}/32`, 'dev', 'lo'])
    guest.must('ip', ['route', 'replace', `${BOX}/32`, 'dev', linkOf(guest, AT_HOME), 'src', STRANGER])
    box.must('ip', ['route', 'add', `${STRANGER}/32`, 'via', AT_HOME])
    return { atHome, stranger: await scan(guest, BOX) }
  })
}

const PUBLISHED = [
  [80, 80],
  [443, 443],
  [5432, 5432],
  [8000, 8443],
] as const

/** As Docker has it: published ports are sent on to the container, past INPUT; DOCKER-USER is asked first. */
export async function tryOnDocker(apply: Apply): Promise<{ before: Reachable; after: Reachable }> {
  const [box, guest, container] = [createNamespace('box'), createNamespace('guest'), createNamespace('container')]
  return within([box, guest, container], async (begun) => {
    plug(guest, box, [`${AT_HOME}/24`, `${BOX}/24`])
    rename(box, BOX, 'eth0')
    plug(box, container, ['172.17.0.1/16', '172.17.0.2/16'])
    container.must('ip', ['route', 'add', 'default', 'via', '172.17.0.1'])
    box.must('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1'])
    const asDocker = [
      ...[
        'iptables -P FORWARD DROP',
        'iptables -P INPUT DROP',
        'iptables -N DOCKER-USER',
        'iptables -A FORWARD -j DOCKER-USER',
      ],
      'iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      'iptables -A FORWARD -d 172.17.0.2 -p tcp -j ACCEPT',
      ...PUBLISHED.map(
        ([port, inside]) =>
          `iptables -t nat -A PREROUTING -i eth0 -p tcp --dport ${port} -j DNAT --to 172.17.0.2:${inside}`,
      ),
    ]
    box.must('sh', ['-e', '-c', asDocker.join('\n')])
    begun.push(await serve(container))
    const before = await scan(guest, BOX)
    apply(box)
    return { before, after: await scan(guest, BOX) }
  })
}

const CAMERA = '192.168.10.7'

/** A router with the three networks; `true`: a connection gets through. */
export async function tryOnRouter(apply: Apply): Promise<Record<string, boolean>> {
  const sides = ['router', 'box', 'computer', 'camera', 'world'].map(createNamespace)
  const [router, box, computer, camera, world] = sides as [Namespace, Namespace, Namespace, Namespace, Namespace]
  return within(sides, async (begun) => {
    // Each on a cable of its own, as if the switch were the router itself.
    const legs = [
      [box, `${BOX}/24`, '192.168.1.1', 'main'],
      [computer, '192.168.2.5/24', '192.168.2.1', 'main2'],
      [camera, `${CAMERA}/24`, '192.168.10.1', 'iot'],
      [world, '198.51.100.9/24', '198.51.100.1', 'wan'],
    ] as const
    for (const [side, address, gateway, name] of legs) {
      plug(side, router, [address, `${gateway}/24`])
      rename(router, gateway, name)
      side.must('ip', ['route', 'add', 'default', 'via', gateway])
      begun.push(await serve(side))
    }
    router.must('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1'])
    apply(router)
    const reaches = async (from: Namespace, to: string, port: number): Promise<boolean> => {
      const script = `const s=require('net').connect(${port},'${to}');s.on('connect',()=>process.exit(0));s.on('error',()=>process.exit(1));setTimeout(()=>process.exit(1),1500)`
      return (await from.runBeside(process.execPath, ['-e', script])).code === 0
    }
    return {
      'Lares → camera': await reaches(box, CAMERA, 443),
      'Lares → internet': await reaches(box, '198.51.100.9', 443),
      'computer → camera': await reaches(computer, CAMERA, 443),
      'camera → Lares': await reaches(camera, BOX, 443),
      'camera → internet': await reaches(camera, '198.51.100.9', 443),
      'internet → Lares': await reaches(world, BOX, 443),
      'internet → camera': await reaches(world, CAMERA, 443),
    }
  })
}
