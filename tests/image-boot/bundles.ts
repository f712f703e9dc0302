// Updates to try: a good one, two that are no good, one that somebody else signed, one without a signature.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { copyPartition, partitionOf, readFatFile, writeFatFile } from '../../firmware-image/boot-simulator/card.ts'
import type { LabOptions } from './lab.ts'

export interface Bundles {
  good: string
  /** Comes up, but its service never answers. */
  sick: string
  /** Does not even come up: its root is no file system. */
  broken: string
  strangers: string
  unsigned: string
  /** A disk (squashfs, not packed) that holds all of them. */
  disk: string
  versions: typeof VERSIONS
}

export type BundleName = keyof Omit<Bundles, 'disk' | 'versions'>

export const BUNDLES_IN_THE_BOX = '/run/lares-test-bundles'
/** In the root of the updated file system, so that a look tells which one runs. */
export const MARK = 'updated-by-image-test'
const VERSIONS = { good: '99.0.1', sick: '99.0.2', broken: '99.0.3' } as const
const COMPATIBLE = 'lares-rpi-arm64'

/** Makes them from the image's own slot A; they are kept in the lab's folder for the next run. */
export function makeBundles({ image, folder, signing }: LabOptions): Bundles {
  if (!signing) throw new Error('No key to sign updates with.')
  const place = join(folder, 'bundles')
  const file = (name: string): string => join(place, `${name}.raucb`)
  const bundles: Bundles = {
    ...{ good: file('good'), sick: file('sick'), broken: file('broken'), strangers: file('strangers') },
    ...{ unsigned: file('unsigned'), disk: join(folder, 'bundles.squashfs'), versions: VERSIONS },
  }
  const made = existsSync(bundles.disk) && statSync(bundles.disk).mtimeMs > statSync(image).mtimeMs
  if (made) return bundles
  rmSync(place, { recursive: true, force: true })
  mkdirSync(join(place, 'content', MARK), { recursive: true })
  const slot = { root: join(place, 'root.img'), boot: join(place, 'boot.img') }
  const [sickBoot, brokenRoot] = [join(place, 'sick-boot.img'), join(place, 'broken-root.img')]
  copyPartition(image, partitionOf(image, 'boot_a'), slot.boot)
  copyRoot(image, slot.root)
  // Added to the packed file system as it is: the rest of it stays byte for byte.
  execFileSync('mksquashfs', [join(place, 'content'), slot.root, '-no-progress', '-quiet'], { stdio: 'ignore' })
  copyFileSync(slot.boot, sickBoot)
  maskTheService(sickBoot)
  writeFileSync(brokenRoot, Buffer.alloc(1024 ** 2, 'no file system'))
  const stranger = makeStranger(place)
  bundle(place, bundles.good, { ...slot, version: VERSIONS.good, signing })
  bundle(place, bundles.sick, { ...slot, boot: sickBoot, version: VERSIONS.sick, signing })
  bundle(place, bundles.broken, { ...slot, root: brokenRoot, version: VERSIONS.broken, signing })
  bundle(place, bundles.strangers, { ...slot, root: brokenRoot, version: VERSIONS.good, signing: stranger })
  copyFileSync(bundles.broken, bundles.unsigned)
  truncateSync(bundles.unsigned, contentBytes(bundles.broken))
  rmSync(bundles.disk, { force: true })
  const all = [bundles.good, bundles.sick, bundles.broken, bundles.strangers, bundles.unsigned]
  execFileSync('mksquashfs', [...all, bundles.disk, '-noI', '-noD', '-noF', '-noX', '-no-progress', '-quiet'])
  for (const each of [...Object.values(slot), sickBoot, brokenRoot]) rmSync(each, { force: true })
  return bundles
}

/** The packed file system without the rest of its partition: its length stands in its own header. */
function copyRoot(image: string, target: string): void {
  copyPartition(image, partitionOf(image, 'root_a'), target)
  const used = Number(readFileSync(target).readBigUInt64LE(40))
  truncateSync(target, Math.ceil(used / 4096) * 4096)
}

/** The service that answers over HTTPS is not there any more: a boot that comes up and is no good. */
function maskTheService(bootImage: string): void {
  const whole = { number: 1, label: 'boot', offset: 0, size: statSync(bootImage).size }
  const commandLine = readFatFile(bootImage, whole, 'cmdline.txt') ?? ''
  writeFatFile(bootImage, whole, 'cmdline.txt', `${commandLine.trim()} systemd.mask=lares.service\n`)
}

interface Content {
  root: string
  boot: string
  version: string
  signing: { key: string; cert: string; keyring: string }
}

function bundle(place: string, target: string, { root, boot, version, signing }: Content): void {
  const folder = join(place, 'bundle')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  execFileSync('ln', [root, join(folder, 'root.img')])
  execFileSync('ln', [boot, join(folder, 'boot.img')])
  const images = '[image.boot]\nfilename=boot.img\n[image.rootfs]\nfilename=root.img\n'
  const manifest = `[update]\ncompatible=${COMPATIBLE}\nversion=${version}\n[bundle]\nformat=plain\n${images}`
  writeFileSync(join(folder, 'manifest.raucm'), manifest)
  const { cert, key, keyring } = signing
  execFileSync('rauc', [`--cert=${cert}`, `--key=${key}`, `--keyring=${keyring}`, 'bundle', folder, target], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** A bundle ends with its signature and eight bytes that say how long that is. */
function contentBytes(file: string): number {
  const bytes = readFileSync(file)
  return bytes.length - 8 - Number(bytes.readBigUInt64BE(bytes.length - 8))
}

/** Somebody with a certificate of their own making. */
function makeStranger(place: string): Content['signing'] {
  const [key, cert] = [join(place, 'stranger.key'), join(place, 'stranger.pem')]
  const subject = ['-subj', '/CN=Somebody else', '-days', '3650']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  })
  return { key, cert, keyring: cert }
}
