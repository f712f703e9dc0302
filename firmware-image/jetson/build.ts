import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkAll } from './checks.ts'
import type { Host } from './host.ts'
import { readSettings, type JetsonOptions } from './options.ts'
import { branchOf, words, type Release } from './releases.ts'
import { applyBinaries, installPackages, readPassword, settle, unpack } from './tree.ts'

/** Lays Lares over NVIDIA's sample root file system, and hands it to NVIDIA's own tools. Throws JetsonStop in words. */
export function buildJetson(host: Host, asked: JetsonOptions, say: (words: string) => void): void {
  const options = absolute(asked)
  const release = checkAll(host, options)
  checkOwnFiles(options)
  say(`Jetson Linux ${words(release)}, JetPack ${branchOf(release).jetpack}, ${options.board}`)
  say('1 of 4: unpacking NVIDIA’s root file system (5 to 10 minutes)')
  unpack(host, options, release)
  say('2 of 4: NVIDIA’s drivers (apply_binaries.sh)')
  applyBinaries(host, options, release)
  say('3 of 4: installing Lares, under emulation (10 to 20 minutes)')
  installPackages(host, options)
  settle(host, options, release)
  say('4 of 4: the image')
  hand(host, options, release, say)
}

/** The owner's own files are read before the long part, not after it. */
function checkOwnFiles({ settings, user }: JetsonOptions): void {
  if (settings !== null) readSettings(readFileSync(settings, 'utf8'))
  if (user) readPassword(user.passwordFile)
}

function absolute(options: JetsonOptions): JetsonOptions {
  const { l4t, rootfs, debs, out, settings, user } = options
  return {
    ...options,
    // The real place: what is mounted below it is told by that.
    ...{
      l4t: existsSync(l4t) ? realpathSync(l4t) : resolve(l4t),
      rootfs: resolve(rootfs),
      out: resolve(out),
      debs: debs.map((file) => resolve(file)),
    },
    settings: settings === null ? null : resolve(settings),
    user: user && { ...user, passwordFile: resolve(user.passwordFile) },
  }
}

/** The last step belongs to NVIDIA's tools; the command is shown where the board has to be connected for it. */
function hand(
  host: Host,
  { l4t, out, board, medium, flash }: JetsonOptions,
  release: Release,
  say: (words: string) => void,
): void {
  if (medium === null) return say(`The tree is ready: ${join(l4t, 'rootfs')}. NVIDIA’s tools can take it from here.`)
  if (medium === 'nvme') {
    const [tool = '', ...args] = branchOf(release).nvme(board)
    const shown = [tool, ...args.map((each) => (each.includes(' ') ? `'${each}'` : each))].join(' ')
    if (!flash) return say(`Connect the board in recovery mode, then: cd ${l4t} && sudo ${shown}`)
    return host.run(tool, args, l4t)
  }
  mkdirSync(out, { recursive: true })
  const image = join(out, `lares-${board}-${words(release)}-${medium}.img`)
  host.run('./jetson-disk-image-creator.sh', ['-o', image, '-b', board, '-d', medium.toUpperCase()], join(l4t, 'tools'))
  say(`${image}: write it to a card of 64 GB or more, for example with Raspberry Pi Imager or balenaEtcher.`)
}
