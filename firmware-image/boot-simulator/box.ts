// A simulated box: its loader, its processor, its power button, and the person who pulls its plug.
import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { COLD_START, requestOf, type BootRequest } from './boot-choice.ts'
import { ConsoleRecord, endingOf, isStuck, type Ending } from './console-record.ts'
import { EMULATOR, emulatorArguments, machineArguments, type Hardware } from './emulator-arguments.ts'
import { answersOverHttps } from './https-answer.ts'
import { load, type LoadedBoot } from './loader.ts'
import {
  LONGEST_COMMAND_LINE_BYTES,
  openTestShell,
  testShellOnCommandLine,
  waitForShell,
  type ShellAnswer,
  type TestShell,
} from './test-shell.ts'

export interface BoxOptions {
  hardware: Omit<Hardware, 'shellSocket'>
  board?: 'pi4' | 'pi5'
  /** Everything the serial line says is added to this file. */
  logFile: string
  /** No test shell: nothing of ours runs in the box. */
  untouched?: boolean
  /** More for the kernel's command line. */
  append?: string
  /** What asks for a page, over and over, until the box answers: its port on this machine. */
  httpsPort: number
}

/** One start of the kernel, from the loader to its end. */
export interface Boot {
  number: number
  partition: number
  tryboot: boolean
  console: ConsoleRecord
  startedAtMs: number
  /** Seconds after the start of the emulator until a page came over HTTPS; null so far. */
  httpsAtS: number | null
  ending: Ending | null
  /** The emulator stalled once and this boot was begun again. */
  wasRepeated: boolean
}

const LOOKS_EVERY_MS = 250
const ASKS_EVERY_MS = 500
const STUCK_AFTER_SILENT_S = 90
const SHELL_LIMIT_MS = 600_000
/** An image that only ever restarts is not followed for ever. */
const MOST_BOOTS = 12

export class Box {
  readonly boots: Boot[] = []
  readonly #options: BoxOptions
  readonly #folder = mkdtempSync(join(tmpdir(), 'lares-box-'))
  #emulator: ChildProcess | null = null
  #shell: TestShell | null = null
  #isCut = false
  #running: Promise<void> = Promise.resolve()
  #failure: Error | null = null
  #isOn = false

  constructor(options: BoxOptions) {
    this.#options = options
  }

  /** Gives it power. It then restarts as often as it wants to, until it is powered off or cut. */
  powerOn(request: BootRequest = COLD_START): void {
    this.#isCut = false
    this.#isOn = true
    this.#failure = null
    this.#running = this.#followReboots(request)
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error))
      })
      .finally(() => {
        this.#isOn = false
      })
  }

  get isOn(): boolean {
    return this.#isOn
  }

  /** The boot that is under way, or the last one. */
  get boot(): Boot {
    const last = this.boots.at(-1)
    if (!last) throw new Error('The box was never switched on.')
    return last
  }

  /** SIGKILL for the emulator: what the box had not written by now is lost. */
  async powerCut(): Promise<void> {
    this.#isCut = true
    this.#emulator?.kill('SIGKILL')
    await this.#running
  }

  /** Waits until `isSo` for the boot that is then under way. Rejects, with the console's last lines, after the limit. */
  async waitUntil(what: string, isSo: (boot: Boot) => boolean, limitS: number): Promise<Boot> {
    const until = Date.now() + limitS * 1000
    for (;;) {
      const last = this.boots.at(-1)
      if (last && isSo(last)) return last
      if (this.#failure) throw this.#failure
      if (!this.#isOn) throw new Error(`The box went off before this: ${what}.\n${last?.console.tail(30) ?? ''}`)
      if (Date.now() > until) throw new Error(`Not within ${limitS} s: ${what}.\n${last?.console.tail(30) ?? ''}`)
      await sleep(LOOKS_EVERY_MS)
    }
  }

  waitForHttps(limitS: number): Promise<Boot> {
    return this.waitUntil('a page over HTTPS', (boot) => boot.httpsAtS !== null && boot.ending === null, limitS)
  }

  /** A command as root in the box that is running now. */
  async run(command: string, limitMs?: number): Promise<ShellAnswer> {
    if (!this.#shell) {
      this.#shell = openTestShell(this.#socket)
      await waitForShell(this.#shell, SHELL_LIMIT_MS)
    }
    return this.#shell.run(command, limitMs)
  }

  /** Like `run`, but anything but exit code 0 is an error. */
  async must(command: string, limitMs?: number): Promise<string> {
    const { code, output } = await this.run(command, limitMs)
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}`)
    return output
  }

  /** Takes its folder away; the card stays. */
  async discard(): Promise<void> {
    await this.powerCut()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get #socket(): string {
    return join(this.#folder, 'shell.sock')
  }

  async #followReboots(first: BootRequest): Promise<void> {
    let request = first
    for (let count = 0; count < MOST_BOOTS && !this.#isCut; count++) {
      const boot = await this.#start(request)
      if (boot.ending !== 'reset') return
      request = requestOf(boot.console.rebootArgument)
    }
    if (!this.#isCut) throw new Error(`The box restarted ${MOST_BOOTS} times.\n${this.boot.console.tail(30)}`)
  }

  /** One boot, begun again once if the emulator gets stuck. */
  async #start(request: BootRequest): Promise<Boot> {
    const { hardware, board = 'pi4' } = this.#options
    const machine = machineArguments(hardware.memoryMb)
    const loaded = load({ card: hardware.card, request, board, folder: this.#folder, emulator: EMULATOR, machine })
    for (let attempt = 0; ; attempt++) {
      const boot: Boot = {
        ...{ number: this.boots.length + 1, partition: loaded.partition, tryboot: loaded.tryboot },
        ...{ console: new ConsoleRecord(), startedAtMs: Date.now(), httpsAtS: null, ending: null },
        wasRepeated: attempt > 0,
      }
      this.boots.push(boot)
      const isSound = await this.#emulate(boot, loaded, attempt === 0)
      if (isSound || this.#isCut) return boot
    }
  }

  /** Resolves when the emulator ends: false when it was stuck and ended for that. */
  async #emulate(boot: Boot, loaded: LoadedBoot, mayBeStuck: boolean): Promise<boolean> {
    const { logFile, untouched = false, append = '' } = this.#options
    const added = [...(untouched ? [] : [testShellOnCommandLine()]), append].join(' ').trim()
    if (loaded.commandLine.length + added.length + 20 > LONGEST_COMMAND_LINE_BYTES)
      throw new Error('The command line is longer than an arm64 kernel reads.')
    appendFileSync(logFile, `##### boot ${boot.number}, partition ${boot.partition}, tryboot ${boot.tryboot}\n`)
    const emulator = spawn(
      EMULATOR,
      emulatorArguments({ ...this.#options.hardware, shellSocket: this.#socket }, loaded, added),
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#emulator = emulator
    const ends = (): void => void emulator.kill('SIGKILL')
    process.once('exit', ends)
    const hear = (chunk: Buffer): void => this.#hear(boot, chunk)
    emulator.stdout.on('data', hear)
    emulator.stderr.on('data', hear)
    const ended = new Promise<void>((resolve, reject) => {
      emulator.once('error', reject)
      emulator.once('close', () => resolve())
    })
    const watching = this.#watch(boot, emulator, mayBeStuck)
    try {
      await ended
    } finally {
      process.off('exit', ends)
      this.#shell?.close()
      this.#shell = null
    }
    boot.ending = this.#isCut ? 'power cut' : endingOf(boot.console)
    return !(await watching)
  }

  #hear(boot: Boot, chunk: Buffer): void {
    const atS = (Date.now() - boot.startedAtMs) / 1000
    for (const line of boot.console.take(chunk.toString(), atS))
      appendFileSync(this.#options.logFile, `${line.atS.toFixed(1).padStart(7)} ${line.text}\n`)
  }

  /** Asks for a page until one comes, and looks whether the emulator is stuck; true when it ended it for that. */
  async #watch(boot: Boot, emulator: ChildProcess, mayBeStuck: boolean): Promise<boolean> {
    const isRunning = (): boolean => emulator.exitCode === null && emulator.signalCode === null
    while (isRunning()) {
      const nowS = (): number => (Date.now() - boot.startedAtMs) / 1000
      if (boot.httpsAtS === null && (await answersOverHttps(this.#options.httpsPort)) && isRunning())
        boot.httpsAtS = nowS()
      if (mayBeStuck && boot.httpsAtS === null && isStuck(boot.console, nowS(), STUCK_AFTER_SILENT_S)) {
        emulator.kill('SIGKILL')
        return true
      }
      await sleep(ASKS_EVERY_MS)
    }
    return false
  }
}
