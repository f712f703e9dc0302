// A page of 50 out of a million incidents, with any filters together and with text; in the server, and through HTTPS.
import { Agent, request } from 'node:https'
import { statSync } from 'node:fs'
import { OBJECT_CLASSES } from '../../appliance/src/api/common.ts'
import { incidentsQuery, type IncidentsFilter } from '../../appliance/src/api/incidents.ts'
import { VERDICTS } from '../../appliance/src/api/risk.ts'
import { RISK_BANDS } from '../../appliance/src/api/risk-bands.ts'
import { withoutMedia } from './support/no-media.ts'
import { limitBudgets, USUAL_NUMBERS, type LimitBudgets } from '../../appliance/src/http/rate-budgets.ts'
import { createDays } from '../../appliance/src/incidents/days/days.ts'
import { createReading } from '../../appliance/src/incidents/reading.ts'
import { incidentRoutes } from '../../appliance/src/incidents/routes.ts'
import { countUnreviewed } from '../../appliance/src/incidents/search/search-store.ts'
import { cookieOf, startServer } from '../http/harness.ts'
import { isQuick, quantile, report } from './report.ts'
import { cameraId, NEWEST, oldestAt, openMadeIncidents, TIME_ZONE, zoneId } from './support/million-incidents.ts'

const ROWS = isQuick ? 100_000 : 1_000_000
const QUESTIONS = isQuick ? 150 : 600
const DAY_MS = 86_400_000

let state = 20_261_128
/** The same sequence in every run. */
function roll(end: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * end)
}
const pick = <Value>(values: readonly Value[]): Value => values[roll(values.length)] as Value
const maybe = <Filter extends object>(share: number, filter: () => Filter): Partial<Filter> =>
  roll(100) < share ? filter() : {}

const WORDS = [
  ...['person', 'per', 'front', 'garden cat', 'parcel', 'chimney sweep', 'gardener saturday', 'november 2025 evening'],
  ...['night nobody home', 'gate open', 'truck drive', 'zebra', 'b', 'expected person usual', 'post monday'],
]
const BANDS = RISK_BANDS.map(({ band }) => band)

function range(): Pick<IncidentsFilter, 'from' | 'until'> {
  const span = NEWEST - oldestAt(ROWS)
  const from = oldestAt(ROWS) + roll(span)
  return { from, until: Math.min(NEWEST, from + pick([1, 7, 30, 365]) * DAY_MS) }
}

/** Any filters together, each there about every third time. */
const anyFilter = (): IncidentsFilter => ({
  ...maybe(35, () => ({ camera: [cameraId(roll(12))] })),
  ...maybe(35, () => ({ class: [pick(OBJECT_CLASSES)] })),
  ...maybe(25, () => ({ zone: [zoneId(roll(12), pick([0, 1] as const))] })),
  ...maybe(30, () => ({ band: [pick(BANDS)] })),
  ...maybe(25, () => ({ verdict: [pick(VERDICTS)] })),
  ...maybe(25, () => ({ feedback: [pick(['expected', 'false', 'threat', 'unsure'] as const)] })),
  ...maybe(30, () => ({ reviewed: pick(['yes', 'no'] as const) })),
  ...maybe(15, () => ({ starred: pick(['yes', 'no'] as const) })),
  ...maybe(30, range),
})

/** What is known to be hard: nothing matches, what matches is rare or far back, or everything matches. */
const HARD: readonly IncidentsFilter[] = [
  { class: ['bus'], ...range() },
  { class: ['bus'], band: ['critical'], verdict: ['rejected'], feedback: ['unsure'] },
  { camera: [cameraId(3)], class: ['car'] },
  { camera: [cameraId(3)], class: ['truck'], reviewed: 'yes', verdict: ['confirmed'] },
  { zone: [zoneId(3, 1)], class: ['bird'], band: ['critical'] },
  { zone: [zoneId(3, 0)], camera: [cameraId(4)] },
  { feedback: ['threat'] },
  { starred: 'yes', band: ['critical'], class: ['dog'] },
  { reviewed: 'yes', starred: 'no', verdict: ['confirmed'], band: ['low'] },
  { reviewed: 'no', until: NEWEST - 900 * DAY_MS },
  { verdict: [...VERDICTS], band: BANDS, class: ['person', 'car', 'truck', 'dog', 'bicycle'] },
  {},
]
const HARD_TEXTS: readonly IncidentsFilter[] = [
  { q: 'sweep', class: ['bus'], ...range() },
  { q: 'person night', class: ['bus'] },
  { q: 'garden car', camera: [cameraId(3)] },
  { q: 'person usual', feedback: ['threat'] },
  { q: 'parcel saturday evening', verdict: ['rejected'], band: ['high'], ...range() },
]

const asText = (filter: IncidentsFilter): string =>
  new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, [value].flat().join(',')]),
  ).toString()

const { database, file, madeInMs } = await openMadeIncidents(ROWS, (words) => console.error(`  ${words}`))
const reading = createReading({ database, media: withoutMedia() })
const unlimited = (): LimitBudgets => limitBudgets({ ...USUAL_NUMBERS, enabled: false })
const server = await startServer(incidentRoutes(reading), { limitBudgets: unlimited })
const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })

function askOverHttps(path: string): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { cookie: cookieOf('anna') }
    request({ host: '127.0.0.1', port: server.port, path, agent, headers }, (response) => {
      response.on('data', () => undefined).on('error', reject)
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(performance.now() - startedAt)
          : reject(new Error(`${path}: ${String(response.statusCode)}`)),
      )
    })
      .on('error', reject)
      .end()
  })
}

interface Timing {
  words: string
  ms: number
  /** Processor time of all threads: what a busy machine does not falsify. */
  cpuMs: number
}

async function measure(filters: readonly IncidentsFilter[]): Promise<{ inServer: Timing[]; overHttps: number[] }> {
  const inServer: Timing[] = []
  const overHttps: number[] = []
  for (const filter of filters) {
    const words = asText(filter)
    const query = incidentsQuery.parse(Object.fromEntries(new URLSearchParams(words)))
    const startedAt = performance.now()
    const before = process.cpuUsage()
    await reading.list(query, null)
    const { user, system } = process.cpuUsage(before)
    inServer.push({ words, ms: performance.now() - startedAt, cpuMs: (user + system) / 1_000 })
    overHttps.push(await askOverHttps(`/api/incidents?${words}`))
  }
  return { inServer, overHttps }
}

const msOf = (timings: readonly Timing[]): number[] => timings.map(({ ms }) => ms)
const cpuMsOf = (timings: readonly Timing[]): number[] => timings.map(({ cpuMs }) => cpuMs)

async function p95Of(times: number, work: () => Promise<unknown>): Promise<number> {
  const tookMs: number[] = []
  for (let n = 0; n < times; n++) {
    const startedAt = performance.now()
    await work()
    tookMs.push(performance.now() - startedAt)
  }
  return quantile(tookMs, 0.95)
}

try {
  const hard = Array.from({ length: 5 }, () => HARD).flat()
  const hardTexts = Array.from({ length: 5 }, () => HARD_TEXTS).flat()
  const anything = Array.from({ length: QUESTIONS }, anyFilter)
  const texts = Array.from({ length: QUESTIONS / 2 }, () => ({ q: pick(WORDS), ...(roll(2) === 0 ? anyFilter() : {}) }))
  await measure(HARD)
  const pages = await measure([...anything, ...hard])
  const searches = await measure([...texts, ...hardTexts])
  const slowest = [...pages.inServer, ...searches.inServer].toSorted((a, b) => b.cpuMs - a.cpuMs).slice(0, 20)
  for (const { words, ms, cpuMs } of slowest)
    console.error(`  ${cpuMs.toFixed(1)} ms of processor in ${ms.toFixed(1)} ms: ${words}`)
  const days = createDays({ database, clock: { now: () => NEWEST } as never, timeZone: () => TIME_ZONE })
  report({
    bench: 'incidents',
    figures: {
      page_p50_ms: quantile(msOf(pages.inServer), 0.5),
      page_p95_ms: quantile(msOf(pages.inServer), 0.95),
      page_cpu_p95_ms: quantile(cpuMsOf(pages.inServer), 0.95),
      page_worst_ms: Math.max(...msOf(pages.inServer)),
      search_p50_ms: quantile(msOf(searches.inServer), 0.5),
      search_p95_ms: quantile(msOf(searches.inServer), 0.95),
      search_cpu_p95_ms: quantile(cpuMsOf(searches.inServer), 0.95),
      page_https_p95_ms: quantile(pages.overHttps, 0.95),
      search_https_p95_ms: quantile(searches.overHttps, 0.95),
      unreviewed_p95_ms: await p95Of(100, () => countUnreviewed(database.reader, null)),
      day_p95_ms: await p95Of(20, () => days.day('2026-11-20', null)),
      heat_4_weeks_p95_ms: await p95Of(20, () => days.heat({ weeks: 4 }, null)),
      heat_1_year_p95_ms: await p95Of(5, () => days.heat({ weeks: 52, class: 'person' }, null)),
    },
    conditions: {
      rows: ROWS,
      questions: pages.inServer.length + searches.inServer.length,
      what: 'page: 50 incidents, any filters together without text; search: text, half of the time with filters',
      database_mb: Math.round(statSync(file).size / 2 ** 20),
      ...(madeInMs === null ? {} : { made_in_s: Math.round(madeInMs / 1_000) }),
    },
    goals: { page_p95_ms: { atMost: 20 }, search_p95_ms: { atMost: 50 } },
  })
} finally {
  agent.destroy()
  await server.stop()
  await database.close()
}
