import type { Camera } from '../api/cameras.ts'
import type { ParsedSource } from './source.ts'
import type { CameraRecord } from './store.ts'

/** What a camera is doing, apart from what is stored about it. */
export interface Doing {
  state: Camera['state']
  problem: Camera['problem']
  picture: Camera['picture']
  lastFrameAt: number | null
}

export const OFF: Doing = { state: 'off', problem: null, picture: null, lastFrameAt: null }

/** A camera as the app sees it: no password, nothing hidden in the address. */
export function describeCamera(record: CameraRecord, { source, credentials }: ParsedSource, doing: Doing): Camera {
  const shown =
    source.kind === 'file'
      ? { kind: source.kind, address: source.path, hasPassword: false }
      : {
          ...{ kind: source.kind, address: source.address, transport: source.transport },
          ...(credentials?.username === undefined ? {} : { username: credentials.username }),
          hasPassword: credentials?.password !== undefined || credentials?.address !== undefined,
        }
  return {
    ...{ id: record.id, name: record.name, source: shown, enabled: record.enabled },
    ...{ place: record.place, classes: record.classes },
    ...doing,
    createdAt: record.createdAt,
  }
}
