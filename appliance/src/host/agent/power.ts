import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../../core/disk.ts'
import { LaresError } from '../../core/errors.ts'
import { needFeature } from './need-feature.ts'
import { runProgram } from './programs.ts'
import type { AgentGround, Handlers } from './types.ts'

/** The initramfs makes the data partition anew when it finds this on it. */
const RESET_FLAG = 'data/.factory-reset'

type PowerHandlers = Pick<Handlers, 'power.restart' | 'power.off' | 'factory-reset'>

export function powerHandlers(ground: AgentGround): PowerHandlers {
  return {
    async 'power.restart'() {
      needFeature(ground, 'power')
      await forgetTrial(ground)
      await systemctl(ground, ['reboot'])
      return { underWay: true }
    },
    async 'power.off'() {
      needFeature(ground, 'power')
      await systemctl(ground, ['poweroff'])
      return { underWay: true }
    },
    async 'factory-reset'() {
      needFeature(ground, 'factory-reset')
      // On the disk before anything stops: a power cut from here on resets too, which is what was asked for.
      await writeFileDurably(join(ground.root, RESET_FLAG), '')
      await forgetTrial(ground)
      await systemctl(ground, ['reboot'])
      return { underWay: true }
    },
  }
}

/** RAUC leaves word there that the next restart tries the new system: only `updates.switch` does that here. */
export const forgetTrial = ({ root }: AgentGround): Promise<void> =>
  rm(join(root, 'run/systemd/reboot-param'), { force: true })

/** Asks systemd for the end of this run; it returns before that begins. Throws `unavailable`. */
export async function systemctl(ground: AgentGround, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram(ground, 'systemctl', ['--no-block', ...args])
  if (code === 0) return
  ground.log.error({ args, lines: stderr }, 'systemctl refused')
  throw new LaresError('unavailable', 'The box could not be restarted. Its journal says why.', {
    code: 'PROGRAM_FAILED',
  })
}
