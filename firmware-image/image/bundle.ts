import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readBoard, type Assembled } from './assemble.ts'
import { run } from './steps.ts'
import type { UpdateKeys } from './update-keys.ts'

export interface BundleOptions {
  made: Pick<Assembled, 'boot' | 'rootFileSystem'>
  version: string
  keys: UpdateKeys
  /** The signed update: `lares-<version>-rpi-arm64.raucb`. */
  file: string
}

export const bundleName = (version: string): string => `lares-${version}-rpi-arm64.raucb`

/** What RAUC reads first. Format plain: see overlay/etc/rauc/system.conf. */
export function bundleManifest(compatible: string, version: string): string {
  return [
    '[update]',
    `compatible=${compatible}`,
    `version=${version}`,
    '',
    '[bundle]',
    'format=plain',
    '',
    '[image.boot]',
    'filename=boot.img',
    '',
    '[image.rootfs]',
    'filename=root.img',
    '',
  ].join('\n')
}

/** Packs both file systems of one system into a signed update. */
export function makeBundle({ made, version, keys, file }: BundleOptions): void {
  const work = mkdtempSync(join(dirname(file), 'bundle-'))
  try {
    linkSync(made.boot, join(work, 'boot.img'))
    linkSync(made.rootFileSystem, join(work, 'root.img'))
    writeFileSync(join(work, 'manifest.raucm'), bundleManifest(readBoard().compatible, version))
    rmSync(file, { force: true })
    run('rauc', ['--cert', keys.cert, '--key', keys.key, '--keyring', keys.keyring, 'bundle', work, file])
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
