// npm run image:test: boots the built image and goes through what a household lives through; writes docs/reference/image-test.md.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { EMULATOR } from '../../firmware-image/boot-simulator/emulator-arguments.ts'
import { findImage, findSigning } from './built-image.ts'
import { openLab, type Lab } from './lab.ts'
import { renderPage } from './report-page.ts'
import { loadResults, saveResults, whyNot, type BootFigures, type Results, type ScenarioResult } from './results.ts'
import { NotHere, type Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const { values: asked } = parseArgs({
  options: {
    image: { type: 'string' },
    only: { type: 'string' },
    from: { type: 'string' },
    folder: { type: 'string', default: join(repository, '.out', 'image-test') },
    page: { type: 'string', default: join(repository, 'docs', 'reference', 'image-test.md') },
    keys: { type: 'string' },
    'boot-limit': { type: 'string', default: '300' },
    'idle-min': { type: 'string', default: '10' },
    list: { type: 'boolean', default: false },
  },
})

if (asked.list) for (const { id, title } of SCENARIOS) console.log(`${id.padEnd(26)}${title}`)
else await testImage()

async function testImage(): Promise<void> {
  const image = resolve(asked.image ?? findImage(repository))
  const wanted = chosen(asked.only, asked.from)
  console.log(`${basename(image)}: ${wanted.length} of ${SCENARIOS.length} scenarios`)
  const file = join(asked.folder, 'results.json')
  const results = loadResults(file, { sha256: await sha256Of(image), name: basename(image) })
  const lab = await openLab({
    ...{ image, folder: asked.folder, signing: findSigning(repository, asked.keys) },
    ...{ bootLimitS: Number(asked['boot-limit']), idleMinutes: Number(asked['idle-min']) },
  })
  const leave = (): void => void lab.close().finally(() => process.exit(130))
  process.once('SIGINT', leave).once('SIGTERM', leave)
  const earlier = wanted[0]?.id === SCENARIOS[0]?.id ? [] : results.boots
  const write = (): void => {
    results.boots = [...earlier, ...lab.boots.map(figuresOf)]
    Object.assign(results.figures, lab.figures)
    saveResults(file, results)
    writeFileSync(asked.page, renderPage({ results, scenarios: SCENARIOS, conditions: conditions(lab) }))
  }
  try {
    for (const scenario of wanted) {
      results.scenarios[scenario.id] = await runOne(scenario, lab, results)
      write()
    }
  } finally {
    await lab.close()
    write()
  }
  process.exitCode = wanted.some(({ id }) => results.scenarios[id]?.state === 'failed') ? 1 : 0
}

async function runOne(scenario: Scenario, lab: Lab, results: Results): Promise<ScenarioResult> {
  const at = (): string => new Date().toISOString()
  const missing = whyNot(scenario.after, results.scenarios)
  const began = Date.now()
  const end = (state: ScenarioResult['state'], facts: string[]): ScenarioResult => {
    const tookS = state === 'not run' ? null : (Date.now() - began) / 1000
    console.log(
      `${state.padEnd(8)} ${scenario.id} (${Math.round(tookS ?? 0)} s)\n         ${facts.join('\n         ')}`,
    )
    return { state, facts, tookS, at: at() }
  }
  if (missing !== null) return end('not run', [missing])
  try {
    return end('passed', await scenario.run(lab))
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return end(error instanceof NotHere ? 'not run' : 'failed', [words])
  }
}

function chosen(only: string | undefined, from: string | undefined): Scenario[] {
  const ids = only?.split(',')
  for (const id of [...(ids ?? []), ...(from === undefined ? [] : [from])])
    if (!SCENARIOS.some((each) => each.id === id)) throw new Error(`There is no scenario ${id}: see --list.`)
  const start = from === undefined ? 0 : SCENARIOS.findIndex(({ id }) => id === from)
  return SCENARIOS.slice(start).filter(({ id }) => ids === undefined || ids.includes(id))
}

function figuresOf(boot: Lab['boots'][number]): BootFigures {
  const { partition, tryboot, wasRepeated, httpsAtS } = boot
  const systemdS = boot.console.marks.get('systemd') ?? null
  return { partition, tryboot, wasRepeated, ending: boot.ending ?? 'still running', systemdS, httpsS: httpsAtS }
}

function conditions(lab: Lab): Record<string, string> {
  const emulator = execFileSync(EMULATOR, ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? EMULATOR
  return {
    emulator: `${emulator}, -M virt, two Cortex-A72 by translation (no KVM), 1 GB of memory, a card of 4 GB`,
    machine: `${cpus()[0]?.model.trim() || process.arch}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} at the end`,
    network: `nothing but the simulated plug; reached at forwarded ports of this machine`,
    "systemd's watchdog":
      '180 s instead of 15 s, by the kernel command line: the emulator may have to wait for its turn',
    'longest wait for a page': `${lab.options.bootLimitS} s`,
  }
}

function sha256Of(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!existsSync(file)) return reject(new Error(`There is no image ${file}.`))
    const hash = createHash('sha256')
    createReadStream(file, { highWaterMark: 4 * 1024 ** 2 })
      .on('data', (chunk) => hash.update(chunk))
      .on('end', () => resolve(hash.digest('hex')))
      .on('error', reject)
  })
}
