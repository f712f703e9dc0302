// Kills the sender in the middle of its work, as often as asked, and then counts what arrived.
import { spawn, type ChildProcess } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkDatabase } from '../../../appliance/src/db/index.ts'
import { startAlertsHome } from '../harness.ts'

export interface CrashFigures {
  kills: number
  /** Notices whose transaction was committed. */
  committed: number
  /** Last committed states of a subject that never reached a phone. */
  lost: number
  /** Phones on which an older state stands in the end. */
  stale: number
  /** Further visible notifications for a subject: other tags. */
  visible_twice: number
  /** Sent more than once; they replace themselves on the phone. */
  sent_again: number
  /** Databases that were damaged, of those that were looked through. */
  corrupt: number
}

const PHONES = 3
const VICTIM = fileURLToPath(new URL('victim.ts', import.meta.url))
const LONGEST_LIFE_MS = 500
const CHECK_EVERY = 20
const DRAIN_LIMIT_MS = 120_000

export async function crashOften(kills: number, onKill?: (done: number) => void): Promise<CrashFigures> {
  const home = await startAlertsHome({ asleep: true })
  const { service, database, masterKey } = home
  // Slow enough that something is always on its way.
  service.answer = () => ({ status: 201, delayMs: 5 + Math.random() * 60 })
  for (let phone = 0; phone < PHONES; phone++) await home.subscribe('ada')
  const lines: string[] = []
  const start = (mode: string): ChildProcess => {
    const args = [VICTIM, database.file, service.rootFile, masterKey.toString('hex'), mode]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout?.on('data', keepLines(lines))
    return child
  }
  let corrupt = 0
  for (let done = 1; done <= kills; done++) {
    await killInTheMiddle(start('tell'), lines)
    if (done % CHECK_EVERY === 0 && !(await isWhole(database.file))) corrupt += 1
    onKill?.(done)
  }
  await ended(start('drain'), DRAIN_LIMIT_MS)
  if (!(await isWhole(database.file))) corrupt += 1
  const figures = { kills, corrupt, ...countArrived(home, lines) }
  await home.stop()
  return figures
}

function keepLines(lines: string[]): (chunk: Buffer) => void {
  let rest = ''
  return (chunk) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  }
}

/** Waits until it works, lets it work for a random while, and ends it as a power cut does. */
async function killInTheMiddle(child: ChildProcess, lines: string[]): Promise<void> {
  const before = lines.length
  const gone = ended(child, 60_000)
  while (lines.length === before && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
  if (child.exitCode !== null) throw new Error(`The victim ended by itself with ${child.exitCode}`)
  await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS))
  child.kill('SIGKILL')
  await gone
}

function ended(child: ChildProcess, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`It did not end within ${limitMs} ms`))
    }, limitMs)
    child.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function isWhole(file: string): Promise<boolean> {
  const damage = await checkDatabase({ file, mediaDir: join(dirname(file), 'media') })
  for (const each of damage) process.stderr.write(`${JSON.stringify(each)}\n`)
  return damage.length === 0
}

type Home = Awaited<ReturnType<typeof startAlertsHome>>

function countArrived({ service }: Home, lines: readonly string[]): Omit<CrashFigures, 'kills' | 'corrupt'> {
  const committed = new Map<string, number>()
  for (const line of lines) {
    const [word, id = '', state] = line.split(' ')
    if (word === 'committed') committed.set(id, Math.max(committed.get(id) ?? 0, Number(state)))
  }
  const phones = new Map<string, Map<string, number[]>>()
  const tags = new Map<string, Set<string>>()
  for (const push of service.received) {
    const { title, tag } = service.read(push).notification
    const [id = '', state] = title.split(' ')
    const phone = phones.get(push.subscriptionId) ?? new Map<string, number[]>()
    phones.set(push.subscriptionId, phone)
    phone.set(id, [...(phone.get(id) ?? []), Number(state)])
    tags.set(id, (tags.get(id) ?? new Set()).add(tag))
  }
  const perPhone = [...phones.values()]
  const missing = (phone: Map<string, number[]>): number =>
    [...committed].filter(([id, state]) => !(phone.get(id) ?? []).some((got) => got >= state)).length
  const all = perPhone.flatMap((phone) => [...phone.values()])
  return {
    committed: lines.filter((line) => line.startsWith('committed')).length,
    lost: perPhone.reduce((sum, phone) => sum + missing(phone), 0) + (PHONES - perPhone.length) * committed.size,
    stale: all.filter((states) => states.at(-1) !== Math.max(...states)).length,
    visible_twice: [...tags.values()].reduce((sum, each) => sum + each.size - 1, 0),
    sent_again: all.reduce((sum, states) => sum + states.length - new Set(states).size, 0),
  }
}
