import type { BootFigures, Results, ScenarioResult } from './results.ts'
import type { Scenario } from './scenario.ts'

export interface PageInput {
  results: Results
  scenarios: readonly Pick<Scenario, 'id' | 'title'>[]
  /** Name → value: machine, emulator, load. */
  conditions: Readonly<Record<string, string>>
}

const SIGNS = { passed: 'passed', failed: '**failed**', 'not run': 'not run' } as const

/** docs/reference/image-test.md: what ran, what it saw, what did not run, and the times. Nothing that was not measured. */
export function renderPage({ results, scenarios, conditions }: PageInput): string {
  const counted = count(results, scenarios)
  return [
    '# The image, booted',
    '',
    'Written by `npm run image:test`, which boots the built Raspberry Pi image in QEMU: kernel, initramfs, command line and',
    'partitions are those that ship; a program of ours stands in for the loader in the EEPROM. What that cannot show (the real',
    'loader, the drivers of a board, Wi-Fi, wear) is in [what could not be tried](untested.md).',
    '',
    `Image \`${results.imageName}\`, SHA-256 \`${results.imageSha256.slice(0, 16)}…\`: ${counted}.`,
    '',
    '| scenario | result | seconds | when (UTC) | what was seen |',
    '|---|---|---|---|---|',
    ...scenarios.map(({ id, title }) => row(title, results.scenarios[id])),
    '',
    '## Boots',
    '',
    ...bootLines(results.boots),
    '',
    '## Conditions',
    '',
    ...Object.entries(conditions).map(([name, value]) => `- ${name}: ${value}`),
    '',
  ].join('\n')
}

function count(results: Results, scenarios: PageInput['scenarios']): string {
  const states = scenarios.map(({ id }) => results.scenarios[id]?.state ?? 'not run')
  const of = (state: string): number => states.filter((each) => each === state).length
  return `${of('passed')} of ${scenarios.length} scenarios passed, ${of('failed')} failed, ${of('not run')} did not run`
}

function row(title: string, result: ScenarioResult | undefined): string {
  if (!result) return `| ${cell(title)} | ${SIGNS['not run']} | | | not tried with this image |`
  const took = result.tookS === null ? '' : String(Math.round(result.tookS))
  const seen = result.facts.map((fact) => cell(fact)).join(' ')
  return `| ${cell(title)} | ${SIGNS[result.state]} | ${took} | ${result.at.slice(0, 16).replace('T', ' ')} | ${seen} |`
}

const MOST_CELL_CHARACTERS = 400

/** One line, no pipe, not endless. */
function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()
  return line.length > MOST_CELL_CHARACTERS ? `${line.slice(0, MOST_CELL_CHARACTERS)}…` : line
}

function bootLines(boots: readonly BootFigures[]): string[] {
  if (boots.length === 0) return ['None yet.']
  const seconds = (value: number | null): string => (value === null ? '' : value.toFixed(0))
  return [
    'Seconds from the start of the emulator. Partition 2 is slot A, 3 is slot B.',
    '',
    '| boot | partition | trial | systemd | HTTPS answers | ended by |',
    '|---|---|---|---|---|---|',
    ...boots.map((boot, index) => {
      const ended = `${boot.ending}${boot.wasRepeated ? ' (the emulator had stalled: begun again)' : ''}`
      const times = `${seconds(boot.systemdS)} | ${seconds(boot.httpsS)}`
      return `| ${index + 1} | ${boot.partition} | ${boot.tryboot ? 'yes' : ''} | ${times} | ${ended} |`
    }),
  ]
}
