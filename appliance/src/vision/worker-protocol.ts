import type { Detection } from './types.ts'

/** What the detector's worker thread is told and what it answers. Buffers are transferred, never shared or copied. */
export type ToWorker =
  | { kind: 'open'; modelFile: string; threads: number; ruledOut: Readonly<Record<string, string>> }
  | { kind: 'look'; id: number; width: number; height: number; data: Uint8Array; minScore: number }

export type FromWorker =
  | { kind: 'opened'; opened: Opened }
  | { kind: 'not-opened'; code: string; message: string }
  | { kind: 'seen'; id: number; detections: Detection[]; inferenceMs: number; data: Uint8Array }
  | { kind: 'look-failed'; id: number; message: string; data: Uint8Array }

export interface Opened {
  family: string
  inputWidth: number
  inputHeight: number
  provider: string
  inferenceMs: number
  tried: Tried[]
}

/** A provider that was tried, and what came of it. */
export interface Tried {
  provider: string
  outcome: 'chosen' | 'works' | 'not-available' | 'failed'
  reason: string
  inferenceMs: number | null
}
