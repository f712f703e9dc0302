import { mkdir } from 'node:fs/promises'
import type { Camera } from '../api/cameras.ts'
import type { Box } from '../api/common.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Part } from '../core/part.ts'
import { bufferFolder, type Frame, type Media } from '../media/index.ts'
import { hide } from './hidden.ts'
import { hintsOf } from './onvif/hints.ts'
import type { OwnNetworks } from './onvif/own-networks.ts'
import { describeCamera, OFF, type Doing } from './describe.ts'
import { runSource, type ParsedSource, type RunDeps, type Runner } from './sources/index.ts'
import type { CameraRecord } from './store.ts'
import type { WatchStatus } from './status.ts'
import type { UploadBox } from './uploads/types.ts'

export interface LiveCameraDeps extends Pick<RunDeps, 'mayReach' | 'root' | 'decoding' | 'foundStreams' | 'pace'> {
  clock: Clock
  log: Log
  media: Media
  notices: NoticeBoard
  uploads: UploadBox
  /** What nobody shall see, as rectangles. */
  hidden(cameraId: string): readonly Box[]
  networks: OwnNetworks
  onFrame(frame: Frame): void
  onChanged(camera: Camera): void
  /** The camera itself saw something move. */
  onMotionHint(cameraId: string): void
}

/** A stored camera and what it is doing. Replaced as a whole when its source changes or it is switched on or off. */
export interface LiveCamera {
  record(): CameraRecord
  /** Takes another name or other classes without touching the stream. */
  relabel(record: CameraRecord): void
  readonly parsed: ParsedSource
  describe(): Camera
  latest(): { frame: Frame; ageMs: number } | null
  start(): Promise<void>
  stop(): Promise<void>
}

export function createLiveCamera(deps: LiveCameraDeps, stored: CameraRecord, parsed: ParsedSource): LiveCamera {
  let record = stored
  const { clock, notices } = deps
  const noticeId = `camera.${record.id}`
  let troubleSince = clock.now()

  const runner = record.enabled ? runnerFor(record, parsed, deps, onStatus) : null
  const hints = record.enabled ? hintsFor(record, parsed, deps) : null

  function doing(): Doing {
    if (!runner) return OFF
    const { state, trouble, info, streams } = runner.status()
    return {
      state,
      problem: trouble && { ...trouble, since: troubleSince },
      picture: info && { width: info.width, height: info.height, codec: info.codec },
      streams,
      lastFrameAt: runner.latest()?.frame.capturedAt ?? runner.lastAt?.() ?? null,
    }
  }

  let wasInTrouble = false
  function onStatus({ trouble }: WatchStatus): void {
    if (trouble && !wasInTrouble) troubleSince = clock.now()
    if (trouble) tellOwner(trouble.message)
    else if (wasInTrouble) notices.clear(noticeId)
    wasInTrouble = trouble !== null
    deps.onChanged(describe())
  }

  function tellOwner(message: string): void {
    const title = `${record.name} sends no pictures`
    notices.raise({ id: noticeId, level: 'problem', title, detail: message, link: `/cameras/${record.id}` })
  }

  const describe = (): Camera => describeCamera(record, parsed, doing())
  return {
    record: () => record,
    relabel: (changed) => void (record = changed),
    parsed,
    describe,
    latest: () => hideLatest(runner?.latest() ?? null, deps),
    async start() {
      await Promise.all([runner?.start(), hints?.start()])
    },
    async stop() {
      await Promise.all([runner?.stop(), hints?.stop()])
      notices.clear(noticeId)
    },
  }
}

function runnerFor(
  { id, name }: CameraRecord,
  parsed: ParsedSource,
  deps: LiveCameraDeps,
  onStatus: RunDeps['onStatus'],
): Runner {
  const { media, clock, log } = deps
  return runSource(parsed, {
    ...{ cameraId: id, cameraName: name },
    mayRecord: () => !media.isDiskLow(),
    hidden: () => deps.hidden(id),
    prepareSegmentFolder: () => makeSegmentFolder(media, id),
    ...{ mayReach: deps.mayReach, root: deps.root, decoding: deps.decoding, pace: deps.pace },
    ...{ foundStreams: deps.foundStreams },
    ...{ ffmpeg: media.ffmpeg, clock, log, uploads: deps.uploads, onStatus },
    onFrame: (frame) => deps.onFrame(hide(frame, deps.hidden)),
  })
}

/** Not every picture goes to listeners, so that the newest one may not be painted yet. */
function hideLatest<Latest extends { frame: Frame } | null>(latest: Latest, { hidden }: LiveCameraDeps): Latest {
  if (latest) hide(latest.frame, hidden)
  return latest
}

function hintsFor({ id, name }: CameraRecord, parsed: ParsedSource, deps: LiveCameraDeps): Part | null {
  const { networks, clock, log, onMotionHint } = deps
  return hintsOf(parsed, { ...{ cameraName: name, networks, clock, log }, onMotion: () => onMotionHint(id) })
}

async function makeSegmentFolder(media: Media, cameraId: string): Promise<string> {
  const folder = media.folder.path(bufferFolder(cameraId))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}
