import { writeFileDurably } from '../../core/disk.ts'
import { LaresError } from '../../core/errors.ts'
import { join } from 'node:path'
import type { AgentGround, Handlers } from './types.ts'
import { needFeature } from './need-feature.ts'
import { runProgram } from './programs.ts'

/** The initramfs makes the data partition anew when it finds this on it. */
const RESET_FLAG = 'data/.factory-reset'

type PowerHandlers = Pick<Handlers, 'power.restart' | 'power.off' | 'factory-reset'>

export function powerHandlers(ground: AgentGround): PowerHandlers {
  return {
    async 'power.restart'() {
      needFeature(ground, 'power')
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
      await systemctl(ground, ['reboot'])
      return { underWay: true }
    },
  }
}

/** Asks systemd for the end of this run; it returns before that begins. Throws `unavailable`. */
export async function systemctl(ground: AgentGround, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram(ground, 'systemctl', ['--no-block', ...args])
  if (code === 0) return
  ground.log.error({ args, lines: stderr }, 'systemctl refused')
  throw new LaresError('unavailable', 'The box could not be restarted. Its journal says why.', {
    code: 'PROGRAM_FAILED',
  })
}
