// Google's own judge of web pages, run on the app as a phone sees it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPhone } from '../../harness/chromium.ts'
import type { Home } from '../../pwa/home.ts'
import { median } from '../report.ts'

const program = fileURLToPath(
  new URL('../../../scripts/measuring/node_modules/lighthouse/cli/index.js', import.meta.url),
)
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const

type Scores = Record<(typeof CATEGORIES)[number], number>

interface LighthouseReport {
  lighthouseVersion: string
  categories: Record<string, { score: number | null } | undefined>
}

/** Medians of `rounds` runs on Now, signed in, as the default "slow phone" that Lighthouse plays; 0 to 1. */
export async function lighthouseScores(home: Home, rounds: number): Promise<Scores & { version: string }> {
  const debuggingPort = await freePort()
  const phone = await openPhone({ rootPem: home.rootPem, debuggingPort })
  const reports: LighthouseReport[] = []
  try {
    await phone.context.addCookies([{ ...home.signedIn(), secure: true, httpOnly: true, sameSite: 'Strict' }])
    for (let round = 0; round < rounds; round++) reports.push(await judge(home.origin, debuggingPort))
  } finally {
    await phone.close()
  }
  const scoreOf = (name: string): number => median(reports.map((each) => each.categories[name]?.score ?? Number.NaN))
  return {
    performance: scoreOf('performance'),
    accessibility: scoreOf('accessibility'),
    'best-practices': scoreOf('best-practices'),
    version: `Lighthouse ${reports[0]?.lighthouseVersion ?? ''}`,
  }
}

/** One run in the browser that is open already: it trusts the home and is signed in. */
async function judge(url: string, debuggingPort: number): Promise<LighthouseReport> {
  const output = join(tmpdir(), `lares-lighthouse-${process.pid}.json`)
  const args = [
    ...[program, url, `--port=${debuggingPort}`, '--output=json', `--output-path=${output}`, '--quiet'],
    ...[`--only-categories=${CATEGORIES.join(',')}`, '--disable-storage-reset', '--no-enable-error-reporting'],
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`Lighthouse ended with code ${code}`)
  return JSON.parse(await readFile(output, 'utf8')) as LighthouseReport
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
