// A process that is killed again and again: it tells of incidents without a pause, and sends what is queued. On its output
// stands what is committed, a line each, before anything else happens.
import { writeSync } from 'node:fs'
import { openDatabase } from '../../../appliance/src/db/index.ts'
import { newId } from '../../../appliance/src/core/ids.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { createFakeSettings } from '../../fakes/settings.ts'
import { startAlertsHome } from '../harness.ts'

const [file = '', rootFile = '', key = '', mode = ''] = process.argv.slice(2)
const STATES = ['opened', 'escalated', 'closed'] as const
const PAUSE_MS = 10
/** A power cut may last: what waits is worth something until then. */
const TTL_S = 3_600

const say = (line: string): void => void writeSync(1, `${line}\n`)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const database = await openDatabase({ file, log: silentLog() })
const home = await startAlertsHome({
  again: {
    database: { ...database, file },
    service: { rootFile } as never,
    masterKey: Buffer.from(key, 'hex'),
    settings: createFakeSettings(),
  },
})
say('ready')

async function tellOn(): Promise<never> {
  for (;;) {
    const incidentId = newId(Date.now())
    const subject = { kind: 'incident', incidentId, cameraId: newId(1) } as const
    for (const [index, state] of STATES.entries()) {
      await home.tell({ subject, state, title: `${incidentId} ${index}`, ttlS: TTL_S })
      say(`committed ${incidentId} ${index}`)
      await pause(PAUSE_MS)
    }
  }
}

async function sendAll(): Promise<void> {
  while ((await home.outbox()).some(({ state }) => state === 'queued')) await pause(50)
  await home.stop()
  await database.close()
}

if (mode === 'drain') await sendAll()
else await tellOn()
