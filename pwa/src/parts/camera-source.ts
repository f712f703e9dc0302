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

interface WayToSay {
  /** Whether an address means this kind. */
  fits(address: string): boolean
  source(address: string, draft: CameraDraft): CameraSourceInput
  /** Whether it is asked for a user name and a password. */
  signsIn: boolean
}

/** The first that fits is what was meant; the last fits everything, with `rtsp://` put in front when it is missing. */
const WAYS: readonly WayToSay[] = [
  {
    fits: (address) => address.startsWith('/'),
    source: (path) => ({ kind: 'file', path }),
    signsIn: false,
  },
  {
    fits: () => true,
    source: (address, draft) => ({
      kind: 'rtsp',
      url: address.includes('://') ? address : `rtsp://${address}`,
      transport: draft.transport,
      ...credentials(draft),
    }),
    signsIn: true,
  },
]

const wayOf = (address: string): WayToSay => WAYS.find((way) => way.fits(address)) as WayToSay

function credentials({ username, password }: CameraDraft) {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) }
}

export function sourceOf(draft: CameraDraft): CameraSourceInput {
  const address = draft.address.trim()
  return wayOf(address).source(address, draft)
}

export function signsIn({ address }: CameraDraft): boolean {
  return wayOf(address.trim()).signsIn
}
