import { join } from 'node:path'
import { allSettings } from '../../all-settings.ts'
import { createSecretBox } from '../../core/crypto.ts'
import { loadMasterKey } from '../../core/data-folder.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { VERSION } from '../../core/version.ts'
import { lockInstance, openBeside, type Database } from '../../db/index.ts'
import { createSettings, readFixedSettings, type Settings } from '../../settings/index.ts'
import type { Command, CommandInput } from '../command.ts'
import { requireDatabase } from '../existing-home.ts'
import { examineCameras } from './cameras.ts'
import { checklistSections } from './checklist/checklist.ts'
import { examineDetector } from './detector.ts'
import { problem, type Examine, type Patient, type Section } from './finding.ts'
import { examineAcceleratorLayers } from './layers.ts'
import { examineMachine } from './machine.ts'
import { examineNetwork } from './network.ts'
import { isIll, reportText } from './report.ts'
import { examineStorage } from './storage.ts'
import { examineVideo } from './video.ts'

const EXAMINATIONS: readonly (readonly [string, Examine])[] = [
  ['Machine', examineMachine],
  ['Accelerator layers', examineAcceleratorLayers],
  ['Detector', examineDetector],
  ['Video', examineVideo],
  ['Cameras', examineCameras],
  ['Storage', examineStorage],
  ['Network', examineNetwork],
]

/** Works beside a running server too: it only reads. */
export const doctor: Command = {
  name: 'doctor',
  aliases: ['check'],
  takes: [],
  switches: ['json', 'checklists'],
  words:
    'Looks at everything (machine, model, cameras, storage, network, security checklist) and says what to do. Changes nothing.',
  async run(input) {
    const databaseFile = await requireDatabase(input.config.dataDir)
    const isRunning = await isHeld(input.config.dataDir)
    const sections = await examineAll(input, databaseFile, isRunning)
    const healthy = !isIll(sections)
    if (input.switches.has('json'))
      input.print(JSON.stringify({ version: VERSION, running: isRunning, healthy, sections }, null, 2))
    else {
      const running = isRunning ? 'running' : 'not running'
      input.print(`Lares ${VERSION}, ${running}\n\n${reportText(sections)}`)
    }
    return healthy ? 0 : 1
  },
}

async function examineAll(input: CommandInput, databaseFile: string, isRunning: boolean): Promise<Section[]> {
  const beside = openBeside(databaseFile)
  try {
    const settings = await settingsBeside(input, beside.database, databaseFile)
    const patient = {
      input,
      databaseFile,
      isRunning,
      settings,
      cameras: () => beside.cameras(),
      people: () => beside.people(),
    }
    const sections: Section[] = []
    // One after the other: on a small box they would time each other.
    for (const [title, examine] of EXAMINATIONS)
      sections.push({ title, findings: await tryTo(examine, title, patient) })
    return [...sections, ...(await checklistSections(patient, { all: input.switches.has('checklists') }))]
  } finally {
    await beside.close()
  }
}

/** As they are stored; the first values when the database cannot be read, which the examination of it will say. */
async function settingsBeside(input: CommandInput, database: Database, databaseFile: string): Promise<Settings> {
  const { config, clock, log } = input
  const masterKey = await loadMasterKey(join(config.dataDir, 'secret.key'), databaseFile)
  const settings = createSettings({
    ...{ database, clock, log, definitions: allSettings, secretBox: createSecretBox(masterKey) },
    fixed: readFixedSettings(allSettings, config.variables),
  })
  await settings.load().catch(() => undefined)
  return settings
}

/** What one examination stumbles over does not keep the others from looking. */
async function tryTo(examine: Examine, title: string, patient: Patient): Promise<Section['findings']> {
  try {
    return await examine(patient)
  } catch (error) {
    return [problem(title, messageOf(error instanceof Error && error.cause ? error.cause : error))]
  }
}

async function isHeld(dataDir: string): Promise<boolean> {
  try {
    const lock = await lockInstance(join(dataDir, 'lock'), dataDir)
    await lock.release()
    return false
  } catch (error) {
    return error instanceof LaresError && error.code === 'DATA_IN_USE'
  }
}
