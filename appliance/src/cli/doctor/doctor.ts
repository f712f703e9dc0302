import { join } from 'node:path'
import { LaresError, messageOf } from '../../core/errors.ts'
import { VERSION } from '../../core/version.ts'
import { lockInstance } from '../../db/index.ts'
import type { Command } from '../command.ts'
import { requireDatabase } from '../existing-home.ts'
import { examineCameras } from './cameras.ts'
import { examineDetector } from './detector.ts'
import { problem, type Examine, type Patient, type Section } from './finding.ts'
import { examineMachine } from './machine.ts'
import { examineNetwork } from './network.ts'
import { isIll, reportText } from './report.ts'
import { examineStorage } from './storage.ts'
import { examineVideo } from './video.ts'

const EXAMINATIONS: readonly (readonly [string, Examine])[] = [
  ['Machine', examineMachine],
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
  switches: ['json'],
  words: 'Looks at everything (machine, model, cameras, storage, network) and says what to do. Changes nothing.',
  async run(input) {
    const databaseFile = await requireDatabase(input.config.dataDir)
    const patient = { input, databaseFile, isRunning: await isHeld(input.config.dataDir) }
    const sections: Section[] = []
    // One after the other: on a small box they would time each other.
    for (const [title, examine] of EXAMINATIONS)
      sections.push({ title, findings: await tryTo(examine, title, patient) })
    const healthy = !isIll(sections)
    if (input.switches.has('json'))
      input.print(JSON.stringify({ version: VERSION, running: patient.isRunning, healthy, sections }, null, 2))
    else {
      const running = patient.isRunning ? 'running' : 'not running'
      input.print(`Lares ${VERSION}, ${running}\n\n${reportText(sections)}`)
    }
    return healthy ? 0 : 1
  },
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
