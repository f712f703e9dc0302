// A process full of simulated plugs, so that their work is not counted as ours. Started with fork().
import { iotDevice, startEmulator } from '../../fakes/tplink-emulator/index.ts'
import { startOddPlug, startSimulatedBroadcasts, startSimulatedPlug, type Manners } from '../../fakes/plugs.ts'

export interface FarmOrder {
  /** `odd`: small plugs of ours with a time of their own; `klap`: the same behind KLAP; `found`: simulators that answer broadcasts. */
  kind: 'odd' | 'klap' | 'found'
  count: number
  /** Second part of their addresses, 127.<net>.x.y. */
  net: number
  manners?: Manners
  delayMs?: number
}

const macOf = (net: number, index: number): string =>
  [
    '50',
    'C7',
    net.toString(16).padStart(2, '0'),
    '00',
    (index >> 8).toString(16).padStart(2, '0'),
    (index & 255).toString(16).padStart(2, '0'),
  ]
    .join(':')
    .toUpperCase()

async function grow({
  kind,
  count,
  net,
  manners = 'good',
  delayMs = 0,
}: FarmOrder): Promise<{ host: string; port: number; mac: string }[]> {
  const plugs = []
  if (kind === 'found') await startSimulatedBroadcasts()
  for (let index = 0; index < count; index++) {
    const address = `127.${net}.${1 + (index >> 7)}.${1 + (index & 127)}`
    const [mac, alias] = [macOf(net, index), `Plug ${index}`]
    const plug =
      kind === 'odd'
        ? await startOddPlug({ address, mac, alias, manners, delayMs })
        : kind === 'klap'
          ? await startKlapPlug({ address, mac, alias, delayMs })
          : await startSimulatedPlug({ model: 'hs110', address, mac, alias, deviceId: `D${index}` })
    plugs.push({ host: plug.host, port: plug.port, mac })
  }
  return plugs
}

/** Without an account, as one that was reset: the measured home knows none. */
function startKlapPlug({
  address,
  mac,
  alias,
  delayMs,
}: {
  address: string
  mac: string
  alias: string
  delayMs: number
}) {
  const device = iotDevice('KP115(EU)', { mac, alias, metered: true })
  return startEmulator({ address, port: 0, discovery: false, device, login: { user: '', password: '' } }).then((plug) =>
    Object.assign(plug, { delayMs, mac }),
  )
}

process.on('message', (order: FarmOrder) => {
  grow(order).then(
    (plugs) => process.send?.(plugs),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
