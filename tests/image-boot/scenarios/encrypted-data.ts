import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { partitionOf, writeFatFile } from '../../../firmware-image/boot-simulator/card.ts'
import { CARD_BYTES, type Lab } from '../lab.ts'
import { expect, type Scenario } from '../scenario.ts'

const STICK_BYTES = 32 * 1024 ** 2
const LUKS = Buffer.from('LUKS\xba\xbe', 'latin1')

export const encryptedData: readonly Scenario[] = [
  {
    id: 'encrypted-data',
    title: 'Encrypted data: made with the key on a stick, opened with it, closed without it',
    after: ['first-boot'],
    async run(lab) {
      await lab.box.powerCut()
      const card = join(lab.options.folder, 'encrypted-card.img')
      const stick = join(lab.options.folder, 'stick.img')
      execFileSync('cp', ['--sparse=always', lab.options.image, card])
      truncateSync(card, CARD_BYTES)
      writeFatFile(card, partitionOf(card, 'bootcfg'), 'lares.toml', 'data_encryption = "usb-key"\n')
      makeStick(stick)
      try {
        return await tryEncrypted(lab, card, stick)
      } finally {
        await lab.replaceBox()
      }
    },
  },
]

async function tryEncrypted(lab: Lab, card: string, stick: string): Promise<string[]> {
  const first = await start(lab, card, [stick])
  const mounted = await lab.box.must('findmnt -no SOURCE /data')
  expect(/lares-data/.test(mounted), `/data lies on ${mounted.trim()}, not on the encrypted device.`)
  await lab.box.must('sync')
  await lab.box.powerCut()
  expect(beginsWithLuks(card), 'The data partition of the card is not encrypted.')
  const again = await start(lab, card, [stick])
  await lab.replaceBox({ card })
  lab.box.powerOn()
  // No page comes, and nobody listens to the shell before that.
  await lab.box.waitUntil('it has started', ({ console }) => console.marks.has('multiUser'), lab.options.bootLimitS)
  const locked = (await lab.box.must('cat /run/lares-locked; systemctl is-active lares.service || true')).trim()
  expect(/^missing\s+inactive$/.test(locked), `Without the stick it says: ${locked}`)
  return [
    `LUKS on the card; a page after ${first.toFixed(0)} s and, with the stick again, ${again.toFixed(0)} s; without it Lares does not start.`,
  ]
}

async function start(lab: Lab, card: string, sticks: readonly string[]): Promise<number> {
  await lab.replaceBox({ card, sticks })
  return (await lab.bootToHttps()).httpsAtS ?? 0
}

function makeStick(file: string): void {
  writeFileSync(file, '')
  truncateSync(file, STICK_BYTES)
  execFileSync('mkfs.vfat', ['-n', 'LARESKEY', file], { stdio: 'ignore' })
}

function beginsWithLuks(card: string): boolean {
  const bytes = Buffer.alloc(LUKS.length)
  const file = openSync(card, 'r')
  readSync(file, bytes, 0, bytes.length, partitionOf(card, 'data').offset)
  closeSync(file)
  return bytes.equals(LUKS)
}
