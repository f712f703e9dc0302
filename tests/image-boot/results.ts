import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type State = 'passed' | 'failed' | 'not run'

export interface ScenarioResult {
  state: State
  /** What was seen, or why it failed or did not run; a sentence each. */
  facts: string[]
  /** Null for what did not run. */
  tookS: number | null
  /** ISO time of the end. */
  at: string
}

export interface BootFigures {
  partition: number
  tryboot: boolean
  ending: string
  wasRepeated: boolean
  /** Seconds after the emulator's start. */
  systemdS: number | null
  httpsS: number | null
}

/** What is kept between runs, so that a single scenario can be run anew. */
export interface Results {
  /** SHA-256 of the image: results of another image do not count. */
  imageSha256: string
  imageName: string
  scenarios: Record<string, ScenarioResult>
  boots: BootFigures[]
  /** Figures of `npm run bench image` that only a running box has. */
  figures: Record<string, number>
}

/** The results of this very image, or none yet. */
export function loadResults(file: string, image: { sha256: string; name: string }): Results {
  const fresh: Results = {
    ...{ imageSha256: image.sha256, imageName: image.name },
    ...{ scenarios: {}, boots: [], figures: {} },
  }
  if (!existsSync(file)) return fresh
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Results
  return kept.imageSha256 === image.sha256 ? kept : fresh
}

export function saveResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(results, null, 1))
  renameSync(`${file}.new`, file)
}

/** Why a scenario cannot run now; null when it can. */
export function whyNot(after: readonly string[], scenarios: Results['scenarios']): string | null {
  const missing = after.filter((id) => scenarios[id]?.state !== 'passed')
  return missing.length === 0 ? null : `It builds upon ${missing.join(' and ')}, which did not pass.`
}
