// One plug on a network of its own. Started with `unshare -n`; told which interface is its.
import { spawnSync } from 'node:child_process'
import { smartDevice, startEmulator } from '../../fakes/tplink-emulator/index.ts'

export interface LanOrder {
  device: string
  /** `192.168.77.10/24` */
  address: string
  mac: string
}

async function join({ device, address, mac }: LanOrder): Promise<void> {
  for (const args of [
    ['addr', 'add', address, 'broadcast', '+', 'dev', device],
    ['link', 'set', device, 'up'],
  ]) {
    const { status, stderr } = spawnSync('ip', args)
    if (status !== 0) throw new Error(String(stderr))
  }
  // On every address of its own network, so that calls to everybody arrive.
  await startEmulator({ address: '0.0.0.0', port: 80, device: smartDevice('P110', { mac }), encryption: 'klap2' })
  process.send?.('ready')
}

process.on('message', (order: LanOrder) => {
  join(order).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit(0))
