import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { makeFat } from '../../firmware-image/image/assemble.ts'
import { bundleName, makeBundle } from '../../firmware-image/image/bundle.ts'
import { registration } from '../../firmware-image/image/emulation.ts'
import { partitionNamed } from '../../firmware-image/image/layout.ts'
import { sha256Of, writeChecksums } from '../../firmware-image/image/release.ts'
import { bringTestKeys } from '../../firmware-image/image/update-keys.ts'
import { OVERLAY, ownFolder, without } from './places.ts'

const ask = (program: string, ...args: string[]) =>
  spawnSync(program, args, { encoding: 'utf8', env: { PATH: `${process.env.PATH}:/usr/sbin` } })
const EPOCH_S = 1_790_000_000

describe('a FAT file system of the card', { skip: without('mkfs.vfat') || without('mcopy') }, () => {
  it('is the same to the last byte, whenever it is made', (t) => {
    const folder = ownFolder(t)
    const made = ['first', 'second'].map((name, index) => {
      const from = join(folder, name)
      mkdirSync(join(from, 'overlays'), { recursive: true })
      const names = ['config.txt', 'cmdline.txt', 'overlays/a.dtbo']
      for (const file of index === 0 ? names : names.toReversed()) writeFileSync(join(from, file), file.repeat(999))
      const file = `${from}.vfat`
      makeFat({ partition: partitionNamed('bootcfg'), from, file, sourceDateEpochS: EPOCH_S })
      return sha256Of(file)
    })
    assert.equal(made[0], made[1])
    const listed = ask('mdir', '-i', join(folder, 'first.vfat'), '-/', '::').stdout
    assert.match(listed, /BOOTCFG/)
    assert.match(listed, /a\s+dtb|A\s+DTB|a\.dtbo/)
  })
})

describe('a signed update', { skip: without('rauc') || without('mksquashfs') || without('openssl') }, () => {
  it('is known by the keyring of the box, for this kind of box, and by no other', (t) => {
    const folder = ownFolder(t)
    const [ours, others] = ['ours', 'others'].map((name) => bringTestKeys(join(folder, name)))
    assert.ok(ours && others)
    const made = { boot: join(folder, 'boot.vfat'), rootFileSystem: join(folder, 'root.sqfs') }
    for (const file of Object.values(made)) writeFileSync(file, 'x'.repeat(8192))
    const file = join(folder, bundleName('1.2.3'))
    makeBundle({ made, version: '1.2.3', keys: ours, file })
    assert.match(file, /lares-1\.2\.3-rpi-arm64\.raucb$/)
    const told = ask('rauc', '--keyring', ours.keyring, '--output-format=json', 'info', file)
    assert.equal(told.status, 0, told.stderr)
    const info = JSON.parse(told.stdout) as { compatible: string; version: string; images: Record<string, unknown>[] }
    const compatible = /^compatible=(.+)$/m.exec(readFileSync(join(OVERLAY, 'etc/rauc/system.conf'), 'utf8'))?.[1]
    assert.equal(info.compatible, compatible)
    assert.equal(info.version, '1.2.3')
    assert.deepEqual(info.images.flatMap(Object.keys).sort(), ['boot', 'rootfs'])
    assert.notEqual(ask('rauc', '--keyring', others.keyring, 'info', file).status, 0)
  })

  it('is signed with keys for trying out that only their owner can read, made once', (t) => {
    const folder = join(ownFolder(t), 'keys')
    const keys = bringTestKeys(folder)
    const before = readFileSync(keys.cert, 'utf8')
    assert.equal(statSync(folder).mode & 0o077, 0)
    assert.equal(readFileSync(bringTestKeys(folder).cert, 'utf8'), before)
    assert.match(ask('openssl', 'x509', '-in', keys.keyring, '-noout', '-subject').stdout, /not for release/)
  })
})

describe('the checksums of a release', { skip: without('openssl') }, () => {
  it('are those of the files, signed so that one changed byte shows', (t) => {
    const folder = ownFolder(t)
    const keys = bringTestKeys(join(folder, 'keys'))
    const files = ['b.img.xz', 'a.raucb'].map((name) => join(folder, name))
    for (const file of files) writeFileSync(file, file)
    const [sums = '', signature = ''] = writeChecksums(folder, files, keys)
    assert.equal(spawnSync('sha256sum', ['--check', '--strict', sums], { cwd: folder }).status, 0)
    const publicKey = join(folder, 'signer.pub')
    writeFileSync(publicKey, ask('openssl', 'x509', '-in', keys.cert, '-pubkey', '-noout').stdout)
    const verify = () => ask('openssl', 'dgst', '-sha256', '-verify', publicKey, '-signature', signature, sums).status
    assert.equal(verify(), 0)
    writeFileSync(
      sums,
      readFileSync(sums, 'utf8').replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    )
    assert.notEqual(verify(), 0)
  })
})

describe('programs for arm64 on another processor', () => {
  it('are known by the first bytes of their file, and found in another root too', () => {
    const [, name, kind, offset, magic = '', mask = '', emulator, flags = ''] =
      registration('/usr/bin/emulator').split(':')
    assert.deepEqual([name, kind, offset, emulator], ['qemu-aarch64', 'M', '', '/usr/bin/emulator'])
    const bytes = (text: string) => [...text.matchAll(/\\x([0-9a-f]{2})|(.)/g)].length
    assert.equal(bytes(magic), 20)
    assert.equal(bytes(mask), 20)
    assert.ok(flags.includes('F'))
  })
})
