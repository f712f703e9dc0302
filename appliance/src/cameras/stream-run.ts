import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { startSubprocess, type Subprocess } from '../core/subprocess.ts'
import { createPictureReader, readProgress, readStreamInfo, type Picture, type StreamInfo } from '../media/index.ts'

export interface StreamRun {
  /** For logs. */
  name: string
  ffmpeg: string
  args: readonly string[]
  clock: Clock
  log: Log
  /** Ends the run; with `HUNG` as its reason nobody waits for ffmpeg to end well. */
  signal: AbortSignal
  onStarted?(pid: number): void
  onInfo(info: StreamInfo): void
  /** Pictures come out of it; left out: the run only records, and `onProgress` tells that it goes on. */
  onPicture?: ((picture: Picture) => void) | undefined
  onProgress?(): void
}

/** Why a run is ended that gives no sign of life. */
export const HUNG = 'hung'
const HUNG_GRACE_MS = 100
/** ffmpeg closes its files and takes its leave of the camera. */
const GRACE_MS = 1_000

/** A good second at five a second. */
const LENT_PICTURES = 6

export interface StreamEnd {
  /** ffmpeg's last, credentials cut. */
  lastLines: readonly string[]
  /** A signal ended it that was not ours. */
  hasCrashed: boolean
}

/** Runs ffmpeg until it ends or `signal` is aborted; rejects when it cannot be started. Nothing is called after that. */
export async function runStream(run: StreamRun): Promise<StreamEnd> {
  const { name, ffmpeg: command, args, clock, log } = run
  let sawInfo = false
  const onLine = (line: string): void => {
    // The first video stream named is the input's; later ones are our own outputs.
    const info = sawInfo ? null : readStreamInfo(line)
    if (!info) return
    sawInfo = true
    run.onInfo(info)
  }
  const child = await startSubprocess({ name, command, args, clock, log, onLine })
  run.onStarted?.(child.pid)
  const end = (): void => void child.stop(run.signal.reason === HUNG ? HUNG_GRACE_MS : GRACE_MS)
  if (run.onPicture) readPictures(child, run, run.onPicture)
  else readSigns(child, run)
  run.signal.addEventListener('abort', end, { once: true })
  if (run.signal.aborted) end()
  const { lastLines, signal } = await child.exited
  run.signal.removeEventListener('abort', end)
  return { lastLines, hasCrashed: signal !== null && !run.signal.aborted }
}

function readPictures(
  child: Subprocess,
  { name, log, signal }: StreamRun,
  onPicture: (picture: Picture) => void,
): void {
  const reader = createPictureReader(onPicture, { takeBackAfter: LENT_PICTURES })
  child.stdout.on('data', (chunk: Buffer) => {
    if (signal.aborted) return
    try {
      reader.push(chunk)
      giveBack(chunk)
    } catch (error) {
      log.warn({ process: name, err: (error as Error).message }, 'The pictures make no sense; starting again')
      child.stdout.removeAllListeners('data').resume()
      void child.stop()
    }
  })
}

function readSigns(child: Subprocess, { signal, onProgress }: StreamRun): void {
  let copied = 0
  child.stdout.on('data', (chunk: Buffer) => {
    const count = readProgress(chunk.toString('latin1'))
    if (signal.aborted || count === null || count <= copied) return
    copied = count
    onProgress?.()
  })
}

/** Frees a piece of the pipe now instead of leaving it to the garbage collector: 2 MB a second and camera. */
function giveBack(chunk: Buffer): void {
  const { buffer } = chunk
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === chunk.byteLength
  if (isAlone) buffer.transfer(0)
}
