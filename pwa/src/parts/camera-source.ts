// What a person types as a camera's address, as the box wants it. Pure.
import type { CameraSourceInput, ObjectClass } from '../wire.ts'

export interface CameraDraft {
  name: string
  address: string
  username: string
  password: string
  transport: 'tcp' | 'udp'
  classes: readonly ObjectClass[]
  place: string
}

/** In the order the box lists them; the box refuses others. */
export const OBJECT_CLASSES = [
  'person',
  'bicycle',
  'car',
  'motorcycle',
  'bus',
  'truck',
  'bird',
  'cat',
  'dog',
] as const satisfies readonly ObjectClass[]

/** What a new camera tells about: living things and what brings them. */
export const USUAL_CLASSES: readonly ObjectClass[] = [
  'person',
  'car',
  'motorcycle',
  'bus',
  'truck',
  'bicycle',
  'dog',
  'cat',
]

/** A path on the box is a file; everything else is an address, with `rtsp://` put in front when it is missing. */
export function sourceOf(draft: CameraDraft): CameraSourceInput {
  const address = draft.address.trim()
  if (address.startsWith('/')) return { kind: 'file', path: address }
  return {
    kind: 'rtsp',
    url: address.includes('://') ? address : `rtsp://${address}`,
    transport: draft.transport,
    ...(draft.username ? { username: draft.username } : {}),
    ...(draft.password ? { password: draft.password } : {}),
  }
}
