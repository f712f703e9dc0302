import tplinkSimulator from 'tplink-smarthome-simulator'

export interface DemoPlugs {
  hosts: string[]
  stop(): Promise<void>
}

/** Loopback addresses, so that the plugs are found on their usual port without touching the network. */
const PLUGS = [
  { address: '127.45.0.1', alias: 'Reading lamp', mac: '50:c7:bf:45:00:01', watts: 11.4 },
  { address: '127.45.0.2', alias: 'Freezer', mac: '50:c7:bf:45:00:02', watts: 64.2 },
] as const

const VOLTS = 230.6

/** Two plugs that speak the real XOR protocol on real sockets and are switched on. */
export async function startDemoPlugs(): Promise<DemoPlugs> {
  const devices = PLUGS.map(createPlug)
  await Promise.all(devices.map((device) => device.start()))
  return {
    hosts: PLUGS.map(({ address }) => address),
    stop: async () => void (await Promise.allSettled(devices.map((device) => device.stop()))),
  }
}

function createPlug({ address, alias, mac, watts }: (typeof PLUGS)[number]): tplinkSimulator.Device {
  const system = { sysinfo: { relay_state: 1 } }
  // The simulator's meter is a constant; a lamp that is off draws nothing.
  const power = (): number => (system.sysinfo.relay_state === 1 ? watts + Math.random() : 0)
  const realtime = {
    voltage: VOLTS,
    total: 12.7,
    get power() {
      return power()
    },
    get current() {
      return power() / VOLTS
    },
  }
  const device = new tplinkSimulator.Device({
    model: 'hs110',
    address,
    port: 9999,
    alias,
    // Its types want whole objects; what is left out here it fills in itself.
    data: { alias, mac, deviceId: mac.replaceAll(':', '').padEnd(40, '0'), system, emeter: { realtime } } as never,
  })
  // A malformed packet must not end the demo: without a listener the simulator's error event would.
  device.deviceNetworking.on('error', () => {})
  return device
}
