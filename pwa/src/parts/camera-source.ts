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
  /** Of the smaller stream; empty: Lares looks for one itself. */
  subAddress?: string
  anyCertificate?: boolean
  /** How pictures come over HTTP; left out: guessed from the address. */
  web?: WebKind
  intervalS?: number
}

export type WebKind = 'mjpeg' | 'still'

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

/** Before anything is typed. */
export const EMPTY_DRAFT: CameraDraft = {
  name: '',
  address: '',
  username: '',
  password: '',
  transport: 'tcp',
  classes: USUAL_CLASSES,
  place: '',
}

type Source = CameraSourceInput

interface WayToSay {
  /** Whether an address means this kind. */
  fits(address: string): boolean
  source(address: string, draft: CameraDraft): Source
  /** Which further fields it has. */
  asks: readonly ('signIn' | 'streams' | 'web')[]
}

/** The first that fits is what was meant; the last fits everything, with `rtsp://` put in front when it is missing. */
const WAYS: readonly WayToSay[] = [
  {
    fits: (address) => /^\/dev\/video\d+$/.test(address),
    source: (device) => ({ kind: 'usb', device }),
    asks: [],
  },
  {
    fits: (address) => address.startsWith('/'),
    source: (path) => ({ kind: 'file', path }),
    asks: [],
  },
  {
    fits: (address) => /^https?:\/\//i.test(address),
    source: (url, draft) =>
      webKind(draft) === 'still'
        ? { kind: 'still', url, intervalS: draft.intervalS ?? 1, ...signedIn(draft) }
        : { kind: 'mjpeg', url, ...signedIn(draft) },
    asks: ['signIn', 'web'],
  },
  {
    fits: () => true,
    source: (address, draft) => ({
      ...{ kind: 'rtsp', url: withScheme(address), transport: draft.transport, ...signedIn(draft) },
      ...(draft.subAddress?.trim() ? { subUrl: withScheme(draft.subAddress.trim()) } : {}),
    }),
    asks: ['signIn', 'streams'],
  },
]

const wayOf = (draft: CameraDraft): WayToSay =>
  WAYS.find((way) => way.fits(draft.address.trim())) ?? (WAYS.at(-1) as WayToSay)
const withScheme = (address: string): string => (address.includes('://') ? address : `rtsp://${address}`)

function signedIn({ username, password, anyCertificate }: CameraDraft) {
  return {
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(anyCertificate === true ? { anyCertificate } : {}),
  }
}

export function sourceOf(draft: CameraDraft): Source {
  return wayOf(draft).source(draft.address.trim(), draft)
}

/** Whether the address just typed has these further fields. */
export function asks(draft: CameraDraft, what: WayToSay['asks'][number]): boolean {
  return wayOf(draft).asks.includes(what)
}

/** As chosen, or as the address looks. */
export function webKind({ web, address }: CameraDraft): WebKind {
  return web ?? (/\.jpe?g(?=$|[?#])|snap|still|picture|image/i.test(address) ? 'still' : 'mjpeg')
}

/** Whether the connection is encrypted, so that the camera shows a certificate. */
export function isEncrypted({ address }: CameraDraft): boolean {
  return /^(rtsps|https):/i.test(address.trim())
}
