import type { Camera } from '../api/cameras.ts'
import { showSource, type ParsedSource } from './sources/index.ts'
import type { CameraRecord } from './store.ts'

/** What a camera is doing, apart from what is stored about it. */
export interface Doing {
  state: Camera['state']
  problem: Camera['problem']
  picture: Camera['picture']
  streams: Camera['streams']
  lastFrameAt: number | null
}

export const OFF: Doing = { state: 'off', problem: null, picture: null, streams: null, lastFrameAt: null }

/** A camera as the app sees it: no password, nothing hidden in the address. */
export function describeCamera(record: CameraRecord, parsed: ParsedSource, doing: Doing): Camera {
  return {
    ...{ id: record.id, name: record.name, source: showSource(parsed), enabled: record.enabled },
    ...{ place: record.place, classes: record.classes },
    ...doing,
    createdAt: record.createdAt,
  }
}
