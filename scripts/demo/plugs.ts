import tplinkSimulator from 'tplink-smarthome-simulator'

export interface DemoPlugs {
  hosts: string[]
  stop(): Promise<void>
}

/** Loopback addresses, so that the plugs are found on their usual port without touching the network. */
const PLUGS = [
  { address: '127.45.0.1', model: 'hs110', alias: 'Reading lamp', watts: 11.4 },
  { address: '127.45.0.2', model: 'hs110v2', alias: 'Freezer', watts: 64.2 },
] as const

/** Two plugs that speak the real XOR protocol on real sockets. */
export async function startDemoPlugs(): Promise<DemoPlugs> {
  const devices = PLUGS.map(({ address, model, alias, watts }) => {
    const volts = 230.6
    const realtime = { power: watts, voltage: volts, current: watts / volts, total: 12.7 }
    const device = new tplinkSimulator.Device({
      model,
      address,
      port: 9999,
      alias,
      data: { alias, emeter: { realtime } },
    })
    // A malformed packet must not end the demo: without a listener the simulator's error event would.
    device.deviceNetworking.on('error', () => {})
    return device
  })
  await Promise.all(devices.map((device) => device.start()))
  return {
    hosts: PLUGS.map(({ address }) => address),
    stop: async () => void (await Promise.allSettled(devices.map((device) => device.stop()))),
  }
}
