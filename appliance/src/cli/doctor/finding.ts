import type { CameraAtAGlance, PeopleAtAGlance } from '../../db/index.ts'
import type { Settings } from '../../settings/index.ts'
import type { CommandInput } from '../command.ts'

/** One line of the report. */
export interface Finding {
  /** `problem` makes the exit code 1; `fact` is neither good nor bad. */
  state: 'good' | 'fact' | 'warning' | 'problem'
  name: string
  words: string
  /** What to do about it, or null. */
  fix: string | null
}

export interface Section {
  title: string
  findings: readonly Finding[]
}

/** What every examination is given. */
export interface Patient {
  input: CommandInput
  databaseFile: string
  /** As they are stored; reading only. */
  settings: Settings
  cameras(): Promise<CameraAtAGlance[]>
  people(): Promise<PeopleAtAGlance>
  /** A server holds this data folder at this moment. */
  isRunning: boolean
}

export type Examine = (patient: Patient) => Promise<readonly Finding[]>

export const good = (name: string, words: string): Finding => ({ state: 'good', name, words, fix: null })
export const fact = (name: string, words: string): Finding => ({ state: 'fact', name, words, fix: null })
export const warning = (name: string, words: string, fix: string | null = null): Finding => ({
  ...{ state: 'warning', name, words, fix },
})
export const problem = (name: string, words: string, fix: string | null = null): Finding => ({
  ...{ state: 'problem', name, words, fix },
})
