// A box on two networks, one plug on each: the call must leave through both. In network namespaces of its own.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { broadcastTargets } from '../../appliance/src/plugs/discovery/interfaces.ts'
import { sweep } from '../../appliance/src/plugs/discovery/sweep.ts'
import type { LanOrder } from './support/lan-device.ts'

const INSIDE = 'LARES_TEST_TWO_LANS'
const DEVICE = fileURLToPath(new URL('support/lan-device.ts', import.meta.url))

function startDevice(net: number): Promise<ChildProcess> {
  const child = spawn('unshare', ['-n', process.execPath, DEVICE], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ip = (...args: string[]): void => void execFileSync('ip', args)
  const [ours, theirs] = [`lan${net}`, `plug${net}`]
  const order: LanOrder = { device: theirs, address: `192.168.${net}.10/24`, mac: `3C-52-A1-00-00-${net}` }
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The plug ended (${code})`)))
    child.once('message', () => resolve(child))
    child.once('spawn', () => {
      // The namespace is there once the program in it runs, which is when it takes messages.
      const wait = setInterval(() => {
        const own = spawnSync('readlink', [`/proc/${child.pid}/ns/net`]).stdout.toString()
        if (own === '' || own === spawnSync('readlink', ['/proc/self/ns/net']).stdout.toString()) return
        clearInterval(wait)
        ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', String(child.pid))
        ip('addr', 'add', `192.168.${net}.1/24`, 'broadcast', '+', 'dev', ours)
        ip('link', 'set', ours, 'up')
        child.send(order)
      }, 50)
    })
  })
}

async function findBoth(): Promise<string[]> {
  execFileSync('ip', ['link', 'set', 'lo', 'up'])
  const devices = await Promise.all([startDevice(77), startDevice(78)])
  try {
    const signal = AbortSignal.timeout(60_000)
    let hosts: string[] = []
    // A fresh link takes a moment until packets pass.
    while (hosts.length < 2 && !signal.aborted) {
      const found = await sweep({ targets: broadcastTargets(), clock: systemClock, log: silentLog(), signal })
      hosts = found.map(({ host }) => host).sort()
    }
    return hosts
  } finally {
    for (const device of devices) device.removeAllListeners('exit').kill()
  }
}

if (process.env[INSIDE] === '1') {
  console.log(JSON.stringify(await findBoth()))
} else {
  const tried = spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'plug0'])
  const skip = tried.status !== 0 && 'skipped: no network namespaces with veth here (unshare -rn)'
  it('J3 one call finds plugs on both networks of the box', { skip, timeout: 150_000 }, async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = ['-rn', process.execPath, fileURLToPath(import.meta.url)]
    const { stdout } = await promisify(execFile)('unshare', args, { env: { ...env, [INSIDE]: '1' }, timeout: 120_000 })
    assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), ['192.168.77.10', '192.168.78.10'])
  })
}
