import type { DetectorCandidate } from '../../api/system.ts'
import { LaresError } from '../../core/errors.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import type { Detection } from '../types.ts'

export interface LookResult {
  detections: Detection[]
  inferenceMs: number
  /** The very buffer that was handed in; it is the caller's again. */
  data: Uint8Array
}

/** What a backend says about itself once it is open. */
export interface BackendFacts {
  model: { name: string; family: string; inputWidth: number; inputHeight: number }
  /** Median time for one picture as it measured itself, or null: then it is timed from outside. */
  inferenceMs: number | null
  /** Pictures that it looks at side by side. */
  atOnce: number
  /** It takes the buffer of a picture over; then one picture at once, of which a copy is kept. */
  takesPictures: boolean
}

/** Something open that looks at pictures, wherever it computes. */
export interface DetectorBackend {
  readonly facts: BackendFacts
  /**
   * Boxes in fractions of the picture. May take the picture's buffer over; it comes back with the answer, or in a
   * `LookFailed`. Throws `unavailable` or `timeout`.
   */
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  /** Resolves with the reason once it has ended by itself; never rejects. */
  readonly died: Promise<string>
  /** Frees everything. `hung`: it owes an answer and is not waited for. */
  end(hung?: boolean): Promise<void>
}

/** Why something cannot even be tried: it is not here, or it is here and something is missing. */
export interface Missing {
  state: 'absent' | 'present'
  reason: string
}

/** A model file of this box; backends with models of their own ignore it. */
export interface ModelChoice {
  name: string
  file: string
}

/** A way of looking that may be chosen. One file each in this folder. */
export interface Candidate {
  readonly id: string
  readonly kind: DetectorCandidate['kind']
  readonly title: string
  /** It compares itself with the processor, value by value; the others are shown a picture. */
  readonly checksItself: boolean
  /** Failed looks in a row after which it is left: a broken driver stays broken, a network hiccup passes. */
  readonly failuresToLeave: number
  /** Loads drivers into this process, which may take it down: what is tried is written down first. */
  readonly isRisky: boolean
  /** null: worth a try. */
  missing(): Promise<Missing | null>
  /** Throws a LaresError with the reason in words, or `NotFaster`. */
  open(model: ModelChoice, signal: AbortSignal): Promise<DetectorBackend>
}

/** A look that came to nothing; the picture is still whole, so that another backend can look at it. */
export class LookFailed extends LaresError {
  readonly data: Uint8Array
  constructor(words: string, data: Uint8Array, cause?: unknown) {
    super('unavailable', words, { code: 'LOOK_FAILED', cause })
    this.data = data
  }
}

/** It works, and the processor is as fast. */
export class NotFaster extends LaresError {
  readonly inferenceMs: number | null
  constructor(inferenceMs: number | null) {
    super('unavailable', 'It works, but the processor is faster.', { code: 'NOT_FASTER' })
    this.inferenceMs = inferenceMs
  }
}
