import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { arch } from 'node:process'
import { run } from './steps.ts'

const BINFMT = '/proc/sys/fs/binfmt_misc'
/** How the kernel knows a program for arm64: the first twenty bytes of its ELF header, and which of them count. */
const MAGIC = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`
const MASK = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`

/** F keeps the emulator open, so that it is found inside another root file system too. */
export function registration(emulator: string): string {
  return `:qemu-aarch64:M::${MAGIC}:${MASK}:${emulator}:OCF`
}

/** Programs for arm64 run on this machine from now on; needed again after each of its starts. */
export function bringEmulation(emulator = '/usr/bin/qemu-aarch64-static'): void {
  if (arch === 'arm64') return
  if (!existsSync(`${BINFMT}/register`)) run('mount', ['-t', 'binfmt_misc', 'binfmt_misc', BINFMT])
  const entry = `${BINFMT}/qemu-aarch64`
  if (existsSync(entry)) {
    const state = readFileSync(entry, 'utf8')
    if (state.startsWith('enabled') && /^flags:.*F/m.test(state)) return
    writeFileSync(entry, '-1')
  }
  writeFileSync(`${BINFMT}/register`, registration(emulator))
}
