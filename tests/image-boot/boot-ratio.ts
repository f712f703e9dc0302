import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Boot } from '../../firmware-image/boot-simulator/box.ts'
import { unitOnCommandLine } from '../../firmware-image/boot-simulator/test-shell.ts'
import { FOR_TESTS, type Lab } from './lab.ts'

export interface BootRatio {
  httpsS: number[]
  loginS: number[]
  /** Median of the ones ÷ median of the others. */
  ratio: number
}

/** What of Lares waits for the service or runs for it: without it, it would only be in the way of the login. */
const LARES_UNITS = ['lares.service', 'lares-confirm-boot.service']

/** The image lets nobody sign in at its serial line; this is Debian's own prompt there, at the moment Debian shows it. */
const LOGIN_UNIT = `[Unit]
After=systemd-user-sessions.service
[Service]
ExecStart=-/sbin/agetty -L ttyAMA0
`

/**
 * The same card twice: once as it is, until a page comes over HTTPS; once with Lares masked on the kernel's command line,
 * until the login prompt. A B A B, on copies of the card.
 */
export async function measureBootRatio(lab: Lab, rounds: number): Promise<BootRatio> {
  await lab.box.powerCut()
  const card = join(lab.options.folder, 'ratio-card.img')
  const [httpsS, loginS]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    httpsS.push(await timed(lab, card, '', (boot) => boot.httpsAtS))
    loginS.push(await timed(lab, card, DEBIAN_ALONE, ({ console }) => console.marks.get('login') ?? null))
  }
  return { httpsS, loginS, ratio: median(httpsS) / median(loginS) }
}

const DEBIAN_ALONE = [
  ...LARES_UNITS.map((unit) => `systemd.mask=${unit}`),
  unitOnCommandLine('login.service', LOGIN_UNIT),
].join(' ')

async function timed(lab: Lab, card: string, more: string, at: (boot: Boot) => number | null): Promise<number> {
  execFileSync('cp', ['--sparse=always', lab.card, card])
  const append = `${FOR_TESTS} ${more}`.trim()
  const box = await lab.replaceBox({ card, append, untouched: true })
  box.powerOn()
  const boot = await box.waitUntil('the end of the boot', (each) => at(each) !== null, lab.options.bootLimitS)
  await lab.replaceBox()
  return at(boot) as number
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2
}
