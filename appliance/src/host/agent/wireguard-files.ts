import type { WireguardSetup, WireguardStatus } from '../protocol/index.ts'

/** Name of the interface, and of the unit `wg-quick@lares`. */
export const TUNNEL = 'lares'
export const TUNNEL_TABLE = 'lares_remote'
/** What /etc/nftables.conf of the image lets in: a table of ours vouches for the packet. */
const VOUCHED = '0x4c617265'

/** What `wg` itself understands: for changes while phones are connected. */
export function wgText({ privateKey, listenPort, peers }: WireguardSetup): string {
  return textOf([`PrivateKey = ${privateKey}`, `ListenPort = ${listenPort}`], peers)
}

/** The same with the address, for `wg-quick`. */
export function wgQuickText({ privateKey, listenPort, address, peers }: WireguardSetup): string {
  const own = [`Address = ${address}/24`, `PrivateKey = ${privateKey}`, `ListenPort = ${listenPort}`]
  return textOf(own, peers)
}

function textOf(own: readonly string[], peers: WireguardSetup['peers']): string {
  const sections = peers.map(({ publicKey, presharedKey, address }) => [
    '[Peer]',
    `PublicKey = ${publicKey}`,
    `PresharedKey = ${presharedKey}`,
    `AllowedIPs = ${address}/32`,
  ])
  return [['[Interface]', ...own], ...sections].map((lines) => `${lines.join('\n')}\n`).join('\n')
}

/**
 * Opens the port, and keeps phones in the tunnel to the app; those with `home` also reach the networks at home. Loaded as
 * one transaction: the table before goes as this one comes.
 */
export function firewallText({ listenPort, appPorts, homeNetworks, peers }: WireguardSetup): string {
  const guests = peers.filter(({ reach }) => reach === 'home').map(({ address }) => address)
  const isRouter = guests.length > 0 && homeNetworks.length > 0
  const [from, to] = [guests.join(', '), homeNetworks.join(', ')]
  const forward = isRouter
    ? [`iifname "${TUNNEL}" ip saddr { ${from} } ip daddr { ${to} } meta mark set ${VOUCHED} accept`]
    : []
  const disguise = isRouter
    ? [
        'chain postrouting {',
        '  type nat hook postrouting priority srcnat; policy accept;',
        `  ip saddr { ${from} } ip daddr { ${to} } oifname != "${TUNNEL}" masquerade`,
        '}',
      ]
    : []
  const lines = [
    'chain input {',
    '  type filter hook input priority filter - 10; policy accept;',
    `  udp dport ${listenPort} meta mark set ${VOUCHED}`,
    `  iifname "${TUNNEL}" tcp dport { ${appPorts.join(', ')} } accept`,
    `  iifname "${TUNNEL}" icmp type echo-request accept`,
    `  iifname "${TUNNEL}" ct state established,related accept`,
    `  iifname "${TUNNEL}" drop`,
    '}',
    'chain forward {',
    '  type filter hook forward priority filter - 10; policy accept;',
    ...forward.map((line) => `  ${line}`),
    `  iifname "${TUNNEL}" drop`,
    `  oifname "${TUNNEL}" ct state != { established, related } drop`,
    '}',
    ...disguise,
  ]
  return `${noFirewallText()}table inet ${TUNNEL_TABLE} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

/** Takes the table away, whether it is there or not. */
export const noFirewallText = (): string => `table inet ${TUNNEL_TABLE}\ndelete table inet ${TUNNEL_TABLE}\n`

/** What `wg show lares dump` prints: one line of the interface, then one of each peer, with tabs between. */
export function parseDump(text: string): WireguardStatus['peers'] {
  const [, ...lines] = text.trimEnd().split('\n')
  return lines.map((line) => {
    const [publicKey = '', , , , handshake, received, sent] = line.split('\t')
    return {
      publicKey,
      lastHandshakeS: Number(handshake) || null,
      receivedBytes: Number(received),
      sentBytes: Number(sent),
    }
  })
}
