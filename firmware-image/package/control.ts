import type { Architecture } from './targets.ts'

export interface ControlOptions {
  version: string
  architecture: Architecture
  installedKb: number
}

/** ffmpeg reads the cameras; without it nothing is seen, so it is no recommendation. */
const DEPENDS = [
  'libc6 (>= 2.28)',
  'libstdc++6',
  'ca-certificates',
  'ffmpeg',
  'iputils-ping',
  'util-linux',
  'systemd | systemd-standalone-sysusers',
  'systemd | systemd-standalone-tmpfiles',
]
const RECOMMENDS = ['avahi-daemon', 'systemd']
/** For remote access: the host agent offers it where both are. */
const SUGGESTS = ['nftables', 'wireguard-tools']

/** The control file of the package, as dpkg reads it. */
export function controlText({ version, architecture, installedKb }: ControlOptions): string {
  return [
    'Package: lares',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: Lares <lares@localhost>',
    `Installed-Size: ${installedKb}`,
    `Depends: ${DEPENDS.join(', ')}`,
    `Recommends: ${RECOMMENDS.join(', ')}`,
    `Suggests: ${SUGGESTS.join(', ')}`,
    'Section: net',
    'Priority: optional',
    'Description: private guardian for a home',
    ' Watches the cameras on its own processor, runs the Kasa and Tapo plugs, counts',
    ' what they cost, and tells the phones when somebody is at the door. No cloud.',
    ' .',
    ' Brings its own Node.js, its app and a detection model.',
    '',
  ].join('\n')
}
