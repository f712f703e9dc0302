// What is decided about one new camera. Pure.
import type { FoundCamera, OnvifReply, OnvifStream } from '../../wire-finding.ts'
import type { CameraSourceInput } from '../../wire.ts'
import { findingWords } from '../../text/finding.ts'

type Answer = Extract<OnvifReply, { ok: true }>

/** A camera that is asked, found or typed. */
export interface Candidate {
  /** What is asked. */
  address: string
  /** What a person calls it until it has a name. */
  label: string
}

/** One that let Lares in. */
export interface Draft {
  candidate: Candidate
  answer: Answer
  username: string
  password: string
  name: string
  place: string
  main: string
  /** Empty: the same as the main one. */
  sub: string
}

export function candidateOf(camera: FoundCamera): Candidate {
  return { address: camera.onvif ?? camera.address, label: labelOf(camera) }
}

/** Maker and model, or the name it gives itself. */
export function labelOf({ maker, model, name }: Pick<FoundCamera, 'maker' | 'model' | 'name'>): string {
  const both = [maker, model].filter((word) => word !== '').join(' ')
  return both || name || findingWords.look.unnamed
}

export function draftOf(candidate: Candidate, answer: Answer, login: { username: string; password: string }): Draft {
  const { maker, model } = answer.device
  const label = labelOf({ maker, model, name: candidate.label })
  return {
    candidate: { ...candidate, label },
    answer,
    ...login,
    name: '',
    place: '',
    main: answer.main,
    sub: answer.sub ?? '',
  }
}

export const streamOf = ({ answer }: Draft, profile: string): OnvifStream | undefined =>
  answer.streams.find((stream) => stream.profile === profile)

/** As the box stores it: the stream to record, the one to look at, and where the camera tells of motion. */
export function sourceOfDraft(draft: Draft): CameraSourceInput {
  const { answer, username, password, main, sub } = draft
  const smaller = sub === '' || sub === main ? undefined : streamOf(draft, sub)
  return {
    kind: 'rtsp',
    url: streamOf(draft, main)?.url ?? '',
    ...(smaller && { subUrl: smaller.url }),
    ...(username || password ? { username, password } : {}),
    onvif: { address: answer.address, profile: main },
  }
}

/** What stops a name, in words; undefined when nothing does. */
export function wrongName(draft: Draft, drafts: readonly Draft[], taken: readonly string[]): string | undefined {
  const name = draft.name.trim()
  if (name === '') return findingWords.name.missing
  const isTwice = taken.includes(name) || drafts.some((other) => other !== draft && other.name.trim() === name)
  return isTwice ? findingWords.name.twice : undefined
}
