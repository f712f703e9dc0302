import { messageOf } from '../../core/errors.ts'
import { runToEnd } from '../../core/subprocess.ts'
import { fact, good, problem, warning, type Examine, type Finding } from './finding.ts'

const PATIENCE_MS = 10_000
/** Decoders that Lares knows how to use; the first two every build needs. */
const SOFTWARE = ['h264', 'hevc'] as const
const HARDWARE = /\b(h264|hevc)_(v4l2m2m|cuvid|qsv|rkmpp|nvmpi)\b/g

/** The ffmpeg program and what it can decode. */
export const examineVideo: Examine = async ({ input: { config, clock, log } }) => {
  const ask = async (...args: string[]): Promise<string> => {
    const asked = { name: 'ffmpeg', command: config.ffmpeg, args, clock, log, timeoutMs: PATIENCE_MS }
    return (await runToEnd(asked)).stdout.toString('utf8')
  }
  try {
    const version = /^ffmpeg version (\S+)/m.exec(await ask('-version'))?.[1]
    if (version === undefined) return [notFfmpeg(config.ffmpeg)]
    return [
      good('ffmpeg', version),
      ...decodersIn(await ask('-hide_banner', '-decoders')),
      ...accelerationsIn(await ask('-hide_banner', '-hwaccels')),
    ]
  } catch (error) {
    return [problem('ffmpeg', messageOf(error), 'Install ffmpeg, or name it with LARES_FFMPEG.')]
  }
}

function notFfmpeg(command: string): Finding {
  return problem('ffmpeg', `${command} is something else.`, 'Install ffmpeg, or name it with LARES_FFMPEG.')
}

export function decodersIn(text: string): Finding[] {
  const names = new Set(text.split('\n').map((line) => /^ V\S+\s+(\S+)/.exec(line)?.[1]))
  const missing = SOFTWARE.filter((name) => !names.has(name))
  const hardware = [...new Set(text.match(HARDWARE))].sort()
  return [
    missing.length === 0
      ? good('Decoders', 'H.264 and H.265')
      : warning(
          'Decoders',
          `Missing: ${missing.join(', ')}.`,
          'Install an ffmpeg of your distribution with all decoders.',
        ),
    fact('Hardware decoders', hardware.join(', ') || 'none in this build'),
  ]
}

export function accelerationsIn(text: string): Finding[] {
  const names = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter(Boolean)
  return [fact('Acceleration', names.join(', ') || 'none in this build')]
}
