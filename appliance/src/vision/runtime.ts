import type { ExtraInput, ModelSignature } from './families/index.ts'

/** What the rest of vision needs of ONNX Runtime. `detector-worker.ts` is the real one; tests bring their own. */
export interface InferenceRuntime {
  /** Ways of computing that this build knows; whether they work here is found out by trying. */
  backends(): readonly string[]
  open(modelFile: string, provider: string, threads: number): Promise<InferenceSession>
}

export interface InferenceSession {
  readonly signature: ModelSignature
  /** `input` may be refilled as soon as the promise has settled. */
  run(call: InferenceCall): Promise<Float32Array[]>
  release(): Promise<void>
}

export interface InferenceCall {
  inputName: string
  inputDims: readonly number[]
  input: Float32Array
  extraInputs?: readonly ExtraInput[] | undefined
  outputNames: readonly string[]
}
