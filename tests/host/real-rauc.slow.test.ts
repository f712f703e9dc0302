// The real RAUC of this machine, with keys made for the test, on a bus of its own: bundles are verified, written into a
// stand-in of the other slot, and refused, by the very program that the image has (1.8 here, 1.13 there).
import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { createFakeBox, type FakeBox } from '../fakes/box.ts'

const PROGRAMS = ['/usr/bin/rauc', '/usr/bin/dbus-daemon', '/usr/bin/mksquashfs', '/usr/bin/openssl']
const missing = PROGRAMS.find((program) => !existsSync(program))
const skip =
  missing !== undefined ? `skipped: ${missing} is missing` : process.getuid?.() !== 0 ? 'skipped: needs root' : false

let box: FakeBox
const running: ChildProcess[] = []

function makeKey(name: string): void {
  const at = (end: string): string => join(box.root, `${name}.${end}`)
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3', '-subj', `/O=Test/CN=${name}`]
  execFileSync('openssl', [...words, '-keyout', at('key'), '-out', at('pem')], { stdio: 'ignore' })
}

function makeBundle(name: string, { key = 'maker', compatible = 'lares-rpi-arm64' } = {}): void {
  const input = join(box.root, 'input')
  mkdirSync(input, { recursive: true })
  writeFileSync(join(input, 'root.img'), randomBytes(200_000))
  const manifest = `[update]\ncompatible=${compatible}\nversion=0.3.0\n\n[bundle]\nformat=plain\n\n[image.rootfs]\nfilename=root.img\n`
  writeFileSync(join(input, 'manifest.raucm'), manifest)
  const file = join(box.dataDir, 'updates', name)
  const signer = ['--cert', join(box.root, `${key}.pem`), '--key', join(box.root, `${key}.key`)]
  execFileSync('/usr/bin/rauc', ['bundle', ...signer, input, file], { stdio: 'ignore' })
}

/** As the image has it, but that the slots are files and the loader is a file. */
function configure(): string {
  const backend = join(box.root, 'backend')
  const state = join(box.root, 'state')
  writeFileSync(
    backend,
    `#!/bin/sh\ncase $1 in get-primary) cat ${state}/primary;; set-primary) echo "$2" > ${state}/primary;; get-state) echo good;; get-current) echo A;; esac\n`,
  )
  chmodSync(backend, 0o755)
  const conf = join(box.root, 'etc/rauc/system.conf')
  const slots = ['A', 'B'].map((name, index) => {
    const device = join(box.root, `${name}.img`)
    writeFileSync(device, '')
    truncateSync(device, 1_048_576)
    return `[slot.rootfs.${index}]\ndevice=${device}\ntype=raw\nbootname=${name}\n`
  })
  const head = `[system]\ncompatible=lares-rpi-arm64\nbootloader=custom\nmountprefix=${box.root}/mnt\nstatusfile=${box.root}/rauc.status\n`
  const tail = `[handlers]\nbootloader-custom-backend=${backend}\n\n[keyring]\npath=${box.root}/maker.pem\n`
  mkdirSync(join(box.root, 'mnt'))
  writeFileSync(conf, [head, tail, ...slots].join('\n'))
  return conf
}

function startBus(): string {
  const address = `unix:path=${box.root}/bus.sock`
  const all = ['own="*"', 'send_type="method_call"', 'send_type="signal"', 'receive_type="method_call"']
  const replies = ['send_requested_reply="true"', 'receive_requested_reply="true"', 'receive_type="signal"']
  const rules = ['user="*"', ...all, ...replies].map((rule) => `<allow ${rule}/>`).join('')
  const conf = join(box.root, 'bus.conf')
  const words = `<busconfig><type>system</type><listen>${address}</listen><auth>EXTERNAL</auth><policy context="default">${rules}</policy></busconfig>`
  writeFileSync(conf, words)
  running.push(spawn('dbus-daemon', [`--config-file=${conf}`, '--nofork'], { stdio: 'ignore' }))
  return address
}

before(async () => {
  if (skip !== false) return
  box = await createFakeBox()
  mkdirSync(join(box.dataDir, 'updates'))
  makeKey('maker')
  makeKey('stranger')
  const conf = configure()
  process.env.DBUS_SYSTEM_BUS_ADDRESS = startBus()
  while (!existsSync(join(box.root, 'bus.sock'))) await pause(20)
  running.push(spawn('/usr/bin/rauc', ['-c', conf, 'service', '--override-boot-slot=A'], { stdio: 'ignore' }))
  rmSync(join(box.root, 'usr/bin/rauc'))
  // The program itself has /etc/rauc/system.conf written in: here it is told of another one.
  writeFileSync(join(box.root, 'usr/bin/rauc'), `#!/bin/sh\nexec /usr/bin/rauc -c ${conf} "$@"\n`)
  chmodSync(join(box.root, 'usr/bin/rauc'), 0o755)
  for (let attempt = 0; attempt < 100; attempt++) {
    const status = await box.host.call('updates.status', {}).catch(() => null)
    if (status) return
    await pause(50)
  }
  throw new Error('RAUC’s service did not start')
})
after(async () => {
  for (const child of running) child.kill()
  delete process.env.DBUS_SYSTEM_BUS_ADDRESS
  if (box) await box.close()
})

test('a signed bundle is known, written into the other slot, and becomes the next to start', { skip }, async () => {
  makeBundle('good.raucb')
  const facts = await box.host.call('updates.inspect', { file: 'good.raucb' })
  assert.deepEqual(facts, { version: '0.3.0', compatible: 'lares-rpi-arm64', description: '' })
  const heard: string[] = []
  const onProgress = ({ words }: { words: string }): void => void heard.push(words)
  assert.deepEqual(await box.host.call('updates.install', { file: 'good.raucb' }, { onProgress }), { slot: 'B' })
  assert.ok(heard.includes('Writing the new system') && heard.at(-1) === 'Finished', heard.join())
  const written = readFileSync(join(box.root, 'B.img')).subarray(0, 200_000)
  assert.ok(written.equals(readFileSync(join(box.root, 'input/root.img'))))
  const { booted, primary, slots } = await box.host.call('updates.status', {})
  assert.deepEqual({ booted, primary }, { booted: 'A', primary: 'B' })
  assert.equal(slots.find(({ name }) => name === 'B')?.version, '0.3.0')
})

test('what is signed by somebody else, changed, no bundle, or for another box is refused', { skip }, async () => {
  makeBundle('stranger.raucb', { key: 'stranger' })
  makeBundle('other.raucb', { compatible: 'somebody-elses-box' })
  makeBundle('changed.raucb')
  const changed = readFileSync(join(box.dataDir, 'updates/changed.raucb'))
  changed[5_000] = (changed[5_000] ?? 0) ^ 1
  writeFileSync(join(box.dataDir, 'updates/changed.raucb'), changed)
  writeFileSync(join(box.dataDir, 'updates/junk.raucb'), randomBytes(5_000))
  symlinkSync('good.raucb', join(box.dataDir, 'updates/link.raucb'))
  const before = readFileSync(join(box.root, 'B.img'))
  const refused = async (file: string, code: string): Promise<void> => {
    await assert.rejects(box.host.call('updates.inspect', { file }), { code }, file)
    await assert.rejects(box.host.call('updates.install', { file }), { code }, file)
  }
  await refused('stranger.raucb', 'UPDATE_UNSIGNED')
  await refused('changed.raucb', 'UPDATE_UNSIGNED')
  await refused('junk.raucb', 'UPDATE_DAMAGED')
  await refused('link.raucb', 'UPDATE_MISSING')
  assert.equal((await box.host.call('updates.inspect', { file: 'other.raucb' })).compatible, 'somebody-elses-box')
  await assert.rejects(box.host.call('updates.install', { file: 'other.raucb' }), { code: 'UPDATE_OTHER_BOX' })
  assert.ok(readFileSync(join(box.root, 'B.img')).equals(before), 'the slot is as it was')
})
