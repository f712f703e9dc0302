import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { AUTOBOOT, IMAGE_MB, MB, PARTITIONS, partitionNamed, partitionScript, startMbOf } from '../../firmware-image/image/layout.ts'
import { IMAGE, OVERLAY, ownFolder, without } from './places.ts'

interface Table {
  partitiontable: { lastlba: number; partitions: { start: number; size: number; name: string; type: string; uuid: string }[] }
}
const SECTORS_PER_MB = MB / 512
const ERASE_BLOCK_MB = 4

describe('the card', () => {
  it('has six partitions in order, each on the erase blocks of a card, none over another', () => {
    assert.deepEqual(PARTITIONS.map(({ number }) => number), [1, 2, 3, 4, 5, 6])
    PARTITIONS.forEach(({ name, sizeMb }, index) => {
      assert.equal(startMbOf(name) % ERASE_BLOCK_MB, 0, name)
      const next = PARTITIONS[index + 1]
      if (next !== undefined) assert.equal(startMbOf(name) + sizeMb, startMbOf(next.name))
    })
    assert.ok(IMAGE_MB < 2000, 'fits the smallest card that is still sold')
  })

  it('keeps what updates already out there stand on', () => {
    assert.deepEqual(
      PARTITIONS.map(({ name, sizeMb }) => `${name} ${sizeMb}`),
      ['bootcfg 16', 'boot_a 192', 'boot_b 192', 'root_a 640', 'root_b 640', 'data 16'],
    )
  })

  it('says the same to sfdisk', { skip: without('sfdisk') }, (t) => {
    const card = join(ownFolder(t), 'card.img')
    writeFileSync(card, '')
    truncateSync(card, IMAGE_MB * MB)
    const env = { PATH: `${process.env.PATH}:/usr/sbin` }
    assert.equal(spawnSync('sfdisk', ['--quiet', card], { env, input: partitionScript() }).status, 0)
    const told = JSON.parse(spawnSync('sfdisk', ['--json', card], { env, encoding: 'utf8' }).stdout) as Table
    const { partitions, lastlba } = told.partitiontable
    assert.deepEqual(
      partitions.map(({ name, start, size, type }) => ({ name, start, size, type })),
      PARTITIONS.map(({ name, sizeMb, type }) => ({
        ...{ name, start: startMbOf(name) * SECTORS_PER_MB, size: sizeMb * SECTORS_PER_MB, type },
      })),
    )
    assert.equal(new Set(partitions.map(({ uuid }) => uuid)).size, partitions.length)
    const last = partitions.at(-1)
    assert.ok(last && last.start + last.size - 1 <= lastlba, 'room for the second table')
  })

  it('grows the partition of the data and no other', () => {
    const repart = readFileSync(join(OVERLAY, 'usr/lib/repart.d/50-data.conf'), 'utf8')
    const type = /^Type=(.+)$/m.exec(repart)?.[1]?.toUpperCase()
    assert.equal(type, partitionNamed('data').type)
    assert.equal(PARTITIONS.filter((partition) => partition.type === type).length, 1)
  })
})

describe('what the loader reads', () => {
  const config = readFileSync(join(IMAGE, 'boards/raspberry-pi/config.txt'), 'utf8')
  const commandLine = readFileSync(join(IMAGE, 'boards/raspberry-pi/cmdline.txt'), 'utf8')

  it('starts A, and B when it is to be tried; in one sector, so that a power cut leaves one or the other', () => {
    assert.ok(Buffer.byteLength(AUTOBOOT) <= 512)
    assert.equal(AUTOBOOT, '[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n')
  })

  it('names kernel and first file system, and Debian’s device trees', () => {
    for (const line of ['arm_64bit=1', 'kernel=vmlinuz', 'initramfs initrd.img followkernel', 'upstream_kernel=1']) {
      assert.ok(config.split('\n').includes(line), line)
    }
    const longest = Math.max(...config.split('\n').map((line) => line.length))
    assert.ok(longest <= 98, 'the loader reads 98 characters of a line')
  })

  it('starts read-only, restarts after a panic, and opens no shell to whoever holds a keyboard', () => {
    assert.equal(commandLine.trim().split('\n').length, 1)
    const words = commandLine.trim().split(' ')
    for (const word of ['ro', 'rootwait', 'rootfstype=squashfs', 'panic=10']) assert.ok(words.includes(word), word)
    assert.equal(words.filter((word) => /^(init|break|rw|debug|systemd\.debug)/.test(word)).length, 0)
    assert.equal(words.filter((word) => word.startsWith('console=')).at(-1), 'console=tty1', 'the screen is the console')
  })
})
