import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { HostProgress, UpdateStatus } from '../protocol/index.ts'
import { needFeature } from './need-feature.ts'
import { forgetTrial, systemctl } from './power.ts'
import { runProgram } from './programs.ts'
import { faultOf, readInfo, readProgress, readStatus } from './rauc-words.ts'
import type { AgentGround, Handlers, Tell } from './types.ts'

/** The only folder that bundles are taken from: the product's own. */
const STAGING = 'var/lib/lares/updates'
/** What the Pi's loader reads once: start the other system, and this one again after whatever ends that. */
const TRIAL = '--reboot-argument=0 tryboot'

const STILL_WORKING_MS = 10_000

type UpdateHandlers = Pick<Handlers, 'updates.status' | 'updates.inspect' | 'updates.install' | 'updates.switch'>

/** RAUC does the work: it checks the signature against the keyring of the image and writes the slot that does not run. */
export function updateHandlers(ground: AgentGround): UpdateHandlers {
  return {
    'updates.status': () => readSlots(ground),
    async 'updates.inspect'({ file }) {
      needFeature(ground, 'updates')
      const { code, stdout, stderr } = await runProgram(ground, 'rauc', [
        ...['info', '--output-format=json', await bundleAt(ground, file)],
      ])
      if (code !== 0) throw faultOf([...stdout, ...stderr])
      return readInfo(stdout.join('\n'))
    },
    async 'updates.install'({ file }, tell) {
      const { booted } = await readSlots(ground)
      const path = await bundleAt(ground, file)
      const teller = keepTelling(ground.clock, tell)
      const installing = runProgram(ground, 'rauc', ['install', path], (line) => teller.say(readProgress(line)))
      const { code, stdout, stderr } = await installing.finally(() => teller.end())
      if (code !== 0) throw faultOf([...stdout, ...stderr])
      await forgetTrial(ground)
      return { slot: booted === 'A' ? 'B' : 'A' }
    },
    async 'updates.switch'() {
      const { booted, primary } = await readSlots(ground)
      if (primary === null || primary === booted)
        throw new LaresError('conflict', 'No new system is installed.', { code: 'UPDATE_NOT_INSTALLED' })
      await systemctl(ground, ['reboot', TRIAL])
      return { restarting: true }
    },
  }
}

/** RAUC says nothing while it copies, which takes minutes on a slow card: whoever waits hears that it still works. */
function keepTelling(clock: Clock, tell: Tell): { say(progress: HostProgress | null): void; end(): void } {
  let last: HostProgress = { part: 0, words: 'Preparing' }
  const repeat = (): (() => void) =>
    clock.after(STILL_WORKING_MS, () => {
      tell(last)
      cancel = repeat()
    })
  let cancel = repeat()
  return {
    say(progress) {
      if (progress === null) return
      last = progress
      tell(last)
    },
    end: () => cancel(),
  }
}

async function readSlots(ground: AgentGround): Promise<UpdateStatus> {
  needFeature(ground, 'updates')
  const { code, stdout, stderr } = await runProgram(ground, 'rauc', ['status', '--detailed', '--output-format=json'])
  if (code !== 0) throw faultOf([...stdout, ...stderr])
  return readStatus(stdout.join('\n'))
}

/** Where it lies. Throws `not-found`: a link or a folder of that name is no bundle. */
async function bundleAt({ root }: AgentGround, file: string): Promise<string> {
  const path = join(root, STAGING, file)
  const info = await lstat(path).catch(() => null)
  if (info?.isFile()) return path
  throw new LaresError('not-found', 'The update is not there any more.', { code: 'UPDATE_MISSING' })
}
