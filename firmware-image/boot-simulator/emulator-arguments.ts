import type { LoadedBoot } from './loader.ts'

export const EMULATOR = 'qemu-system-aarch64'

/** A port of the box, and where on this machine's loopback it is reached. */
export interface Forward {
  guestPort: number
  hostPort: number
}

/** An address and port that the box sees in its network, and the program that is spawned for each call to it. */
export interface Neighbour {
  address: string
  port: number
  /** Speaks over standard input and output. */
  command: readonly string[]
}

export interface Hardware {
  card: string
  forwards: readonly Forward[]
  neighbours: readonly Neighbour[]
  /** Further disks, read-only for the box. */
  disks: readonly string[]
  /** Sticks that the box may write to. */
  sticks?: readonly string[]
  /** Unix socket at which the test shell of `test-shell.ts` is reached. */
  shellSocket: string
  memoryMb: number
}

/** Machine and processor; the device tree depends on these alone. */
export const machineArguments = (memoryMb: number): string[] => [
  ...['-M', 'virt,gic-version=3', '-cpu', 'cortex-a72', '-smp', '2', '-m', String(memoryMb)],
]

/** How QEMU is called. The box reaches nothing but its neighbours, and is reached only at the forwarded ports. */
export function emulatorArguments(hardware: Hardware, boot: LoadedBoot, addedToCommandLine: string): string[] {
  const { card, disks, sticks = [], shellSocket } = hardware
  return [
    ...machineArguments(hardware.memoryMb),
    ...['-accel', 'tcg,thread=multi', '-nographic', '-no-reboot', '-action', 'watchdog=reset'],
    ...['-kernel', boot.kernel, ...(boot.initramfs === null ? [] : ['-initrd', boot.initramfs])],
    ...['-dtb', boot.deviceTree, '-append', `${boot.commandLine} console=ttyAMA0 ${addedToCommandLine}`.trim()],
    ...['-drive', `file=${escaped(card)},format=raw,if=none,id=card,cache=writeback`],
    ...['-device', 'virtio-blk-pci,drive=card'],
    ...disks.flatMap((disk, index) => [
      ...['-drive', `file=${escaped(disk)},format=raw,if=none,id=disk${index},readonly=on`],
      ...['-device', `virtio-blk-pci,drive=disk${index},serial=lares-test-${index}`],
    ]),
    ...sticks.flatMap((stick, index) => [
      ...['-drive', `file=${escaped(stick)},format=raw,if=none,id=stick${index}`],
      ...['-device', `virtio-blk-pci,drive=stick${index}`],
    ]),
    ...['-netdev', networkOf(hardware), '-device', 'virtio-net-pci,netdev=lan,romfile='],
    ...['-device', 'virtio-rng-pci', '-device', 'i6300esb'],
    ...['-device', 'virtio-serial-pci', '-chardev', `socket,id=shell,path=${escaped(shellSocket)},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=shell,name=lares-test'],
  ]
}

function networkOf({ forwards, neighbours }: Hardware): string {
  const parts = ['user', 'id=lan', 'restrict=on']
  for (const { hostPort, guestPort } of forwards) parts.push(`hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`)
  for (const { address, port, command } of neighbours)
    parts.push(`guestfwd=tcp:${address}:${port}-cmd:${command.map(escaped).join(' ')}`)
  return parts.join(',')
}

/** Commas separate QEMU's options; doubled, they are part of one. */
const escaped = (text: string): string => text.replaceAll(',', ',,')
