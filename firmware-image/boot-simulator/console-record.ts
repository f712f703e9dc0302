/** What is looked for in every boot, and what its first line looks like. */
const MARKS = {
  kernel: /Booting Linux on physical CPU/,
  initramfs: /Run \/init as init process/,
  /** Said by systemd itself, or by the kernel when it is not asked to be quiet. */
  systemd: /Welcome to .*Debian|systemd\[1\]: systemd \S+ running in system mode/,
  login: /\blogin: ?$/,
  multiUser: /Reached target.*multi-user\.target/i,
  panic: /Kernel panic/,
  stall: /rcu.*(self-detected stall|detected stalls)/i,
  emergency: /emergency mode|emergency\.target - Emergency Mode/i,
  powerDown: /reboot: Power down/,
  restart: /reboot: Restarting system/,
} as const

export type Mark = keyof typeof MARKS

export interface ConsoleLine {
  /** Seconds since the emulator started. */
  atS: number
  text: string
}

/** All that a boot wrote on its serial line, with the moment of each kind of line seen first. */
export class ConsoleRecord {
  readonly lines: ConsoleLine[] = []
  readonly marks = new Map<Mark, number>()
  #rest = ''
  #rebootArgument: string | null = null

  /** Takes bytes as they come; a prompt such as `login: ` counts though its line has no end. Returns the finished lines. */
  take(chunk: string, atS: number): ConsoleLine[] {
    const pieces = (this.#rest + chunk).split('\n')
    this.#rest = pieces.pop() ?? ''
    const fresh = pieces.map((piece) => ({ atS, text: withoutControls(piece) }))
    for (const line of fresh) this.#note(line)
    this.lines.push(...fresh)
    if (MARKS.login.test(withoutControls(this.#rest))) this.#mark('login', atS)
    return fresh
  }

  /** The argument of the reboot that ended this boot, such as `0 tryboot`; null where there was none. */
  get rebootArgument(): string | null {
    return this.#rebootArgument
  }

  /** When something was written last; 0 before anything was. */
  get lastAtS(): number {
    return this.lines.at(-1)?.atS ?? 0
  }

  /** The last lines, for whoever has to find out what went wrong. */
  tail(count: number): string {
    const lines = this.lines.slice(-count).map(({ atS, text }) => `${atS.toFixed(1).padStart(7)} ${text}`)
    return [...lines, withoutControls(this.#rest)].join('\n').trimEnd()
  }

  #note({ atS, text }: ConsoleLine): void {
    for (const [mark, pattern] of Object.entries(MARKS)) if (pattern.test(text)) this.#mark(mark as Mark, atS)
    this.#rebootArgument = /Restarting system with command '([^']*)'/.exec(text)?.[1] ?? this.#rebootArgument
  }

  #mark(mark: Mark, atS: number): void {
    if (!this.marks.has(mark)) this.marks.set(mark, atS)
  }
}

/** Colours, cursor movements and carriage returns taken out. */
export function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- these very characters are what is taken out
  return text.replace(
    /\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|\u001b[A-Z=>78]|[\u0000-\u0008\u000b-\u001f\u007f]/g,
    '',
  )
}

export type Ending = 'power cut' | 'powered off' | 'reset'

/** Why an emulator ended that nobody killed. A watchdog's reset has no last words. */
export const endingOf = (record: ConsoleRecord): Ending => (record.marks.has('powerDown') ? 'powered off' : 'reset')

/** The emulator itself is stuck (its fault, not the image's): stalled processors, and nothing more is said. */
export function isStuck(record: ConsoleRecord, nowS: number, silentS: number): boolean {
  return record.marks.has('stall') && nowS - record.lastAtS > silentS
}
