// The first minutes of a card, on files: the same functions that the first file system runs on a board.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { IMAGE_MB, MB, partitionScript } from '../../firmware-image/image/layout.ts'
import { OVERLAY, ownFolder, without } from './places.ts'

const FUNCTIONS = join(OVERLAY, 'etc/initramfs-tools/scripts/lares-functions')
const CARD_GB = 64
const SKIP = ['mke2fs', 'e2fsck', 'blkid', 'sfdisk', 'dumpe2fs'].map(without).find((reason) => reason !== false) ?? false

function makeCard(t: TestContext) {
  const folder = ownFolder(t)
  const [run, bootcfg] = [join(folder, 'run'), join(folder, 'run/lares-bootcfg')]
  mkdirSync(bootcfg, { recursive: true })
  const sh = (words: string) => {
    const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, RUN: run, TOOLS: '/usr/sbin', KEY_WAIT_S: '0' }
    const result = spawnSync('/bin/sh', ['-c', `. ${FUNCTIONS}\n${words}`], { encoding: 'utf8', env, cwd: folder })
    return { status: result.status, said: result.stdout.trim(), words: result.stderr.trim() }
  }
  const file = (name: string, bytes: number): string => {
    writeFileSync(join(folder, name), '')
    truncateSync(join(folder, name), bytes)
    return join(folder, name)
  }
  return { folder, run, bootcfg, sh, file }
}

describe('the data partition of a new card', { skip: SKIP }, () => {
  it('takes the whole card before its file system is made', (t) => {
    const { sh, file } = makeCard(t)
    const card = file('card.img', IMAGE_MB * MB)
    assert.equal(sh(`/usr/sbin/sfdisk -q ${card} <<'END'\n${partitionScript()}END`).status, 0)
    truncateSync(card, CARD_GB * 1024 * MB)
    sh(`DISK=..${card}; grow_partition`)
    const table = JSON.parse(sh(`/usr/sbin/sfdisk --json ${card}`).said) as {
      partitiontable: { partitions: { size: number; uuid: string }[] }
    }
    const data = table.partitiontable.partitions.at(-1)
    assert.ok(data && (data.size * 512) / MB > CARD_GB * 1024 - IMAGE_MB - 2, `${data?.size} sectors`)
    assert.equal(table.partitiontable.partitions.length, 6)
  })

  it('has blocks and a journal for its size: one grown from 16 MB would have neither', (t) => {
    const { sh, file } = makeCard(t)
    const data = file('data.img', 32 * 1024 * MB)
    assert.equal(sh(`make_file_system ${data} first`).status, 0)
    const facts = sh(`dumpe2fs -h ${data} 2>/dev/null`).said
    assert.match(facts, /Block size:\s+4096/)
    const journal = /Total journal size:\s+(\d+)([MK])/.exec(facts)
    assert.ok(journal?.[2] === 'M' && Number(journal[1]) >= 64, journal?.[0])
    assert.equal(sh(`kind_of ${data}`).said, 'ext4')
    assert.equal(sh(`check_file_system ${data}`).status, 0)
  })

  it('is repaired when it is damaged, and found again when its first block is gone', (t) => {
    const { sh, file } = makeCard(t)
    const data = file('data.img', 512 * MB)
    const content = join(data, '..', 'diary')
    writeFileSync(content, 'dear diary')
    sh(`mke2fs -q -t ext4 -b 4096 ${data} && debugfs -w -R 'write ${content} diary' ${data}`)
    sh(`dd if=/dev/zero of=${data} bs=4096 count=1 conv=notrunc`)
    assert.equal(sh(`kind_of ${data}`).said, 'empty')
    assert.equal(sh(`rescue_file_system ${data}`).status, 0)
    assert.equal(sh(`debugfs -R 'cat diary' ${data} 2>/dev/null`).said, 'dear diary')
    sh(`dd if=/dev/urandom of=${data} bs=4096 seek=2 count=12 conv=notrunc`)
    assert.equal(sh(`check_file_system ${data}`).status, 0)
    assert.equal(sh(`e2fsck -fn ${data}`).status, 0)
  })

  it('is called empty only when it can be read', (t) => {
    const { sh, file, folder } = makeCard(t)
    assert.equal(sh(`kind_of ${file('zeros.img', 16 * MB)}`).said, 'empty')
    assert.equal(sh(`kind_of ${join(folder, 'not-there')}`).said, 'unreadable')
    assert.notEqual(sh(`rescue_file_system ${file('zeros2.img', 16 * MB)}`).status, 0)
  })
})

describe('a factory reset by file', () => {
  for (const name of ['factory-reset', 'factory-reset.txt']) {
    it(`is asked for by ${name}, and claimed before anything is deleted`, (t) => {
      const { sh, bootcfg } = makeCard(t)
      assert.equal(sh('reset_file').status, 1)
      writeFileSync(join(bootcfg, name), '')
      assert.equal(sh('reset_file').said, name)
      assert.equal(sh('claim_reset_file').status, 0)
      assert.deepEqual(readdirSync(bootcfg), ['factory-reset.now'])
    })
  }

  it('goes on after a power cut in the middle', (t) => {
    const { sh, bootcfg } = makeCard(t)
    writeFileSync(join(bootcfg, 'factory-reset.now'), '')
    assert.equal(sh('reset_file').said, 'factory-reset.now')
    assert.equal(sh('claim_reset_file').status, 0)
  })

  it('does not happen where the file cannot be taken away: it would come again at every start', (t) => {
    const { sh, bootcfg } = makeCard(t)
    writeFileSync(join(bootcfg, 'factory-reset'), '')
    assert.notEqual(sh('mv() { return 1; }; claim_reset_file').status, 0)
    assert.deepEqual(readdirSync(bootcfg), ['factory-reset'])
  })
})

describe('encrypted data', () => {
  for (const [toml, wanted] of [
    ['data_encryption = "usb-key"\n', 'usb-key'],
    ['# Lares\r\nhostname = "lares"\r\n  data_encryption="usb-key" # the stick\r\n', 'usb-key'],
    ['# data_encryption = "usb-key"\n', ''],
    ['hostname = "lares"\n', ''],
  ] as const) {
    it(`${JSON.stringify(toml)} asks for ${wanted || 'none'}`, (t) => {
      const { sh, bootcfg } = makeCard(t)
      writeFileSync(join(bootcfg, 'lares.toml'), toml)
      assert.equal(sh('wanted_encryption').said, wanted)
    })
  }

  it('is never made without the stick: the data is not written in the clear instead', (t) => {
    const { sh, file, run } = makeCard(t)
    const data = file('data.img', 64 * MB)
    assert.notEqual(sh(`make_encrypted ${data}`).status, 0)
    assert.notEqual(sh(`open_encrypted ${data}`).status, 0)
    assert.equal(sh(`cat ${run}/lares-locked`).said, 'missing')
    assert.equal(sh(`kind_of ${data}`).said, 'empty')
  })

  it('has a key of 512 bits, made once and kept, and opens with it', { skip: without('cryptsetup') }, (t) => {
    const { sh, file, run } = makeCard(t)
    const data = file('data.img', 64 * MB)
    // A folder stands in for the mounted stick; the mapping itself needs a kernel's device mapper.
    const stick = 'open_stick() { mkdir -p "$STICK"; }; close_stick() { :; }'
    const mapper = `TOOLS=${run}; cat > ${run}/cryptsetup <<'END'\n#!/bin/sh\n[ "$1" = open ] && set -- open --test-passphrase "$3" "$4" "$5"\nexec /usr/sbin/cryptsetup "$@"\nEND\nchmod 755 ${run}/cryptsetup`
    const made = sh(`${mapper}\n${stick}\nmake_encrypted ${data}`)
    assert.equal(made.status, 0, made.words)
    assert.equal(sh(`kind_of ${data}`).said, 'crypto_LUKS')
    const key = join(run, 'lares-stick/lares-data.key')
    assert.equal(statSync(key).size, 128)
    assert.equal(sh(`${mapper}\n${stick}\nopen_encrypted ${data}`).status, 0)
    writeFileSync(key, 'another key')
    assert.notEqual(sh(`${mapper}\n${stick}\nopen_encrypted ${data}`).status, 0)
    assert.equal(sh(`cat ${run}/lares-locked`).said, 'wrong')
    assert.ok(existsSync(key))
  })
})
