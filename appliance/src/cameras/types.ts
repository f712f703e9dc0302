import type { Camera, ChangeCamera, CreateCamera, CameraSourceInput, TestCameraReply } from '../api/cameras.ts'
import type { Part } from '../core/part.ts'
import type { Frame } from '../media/index.ts'
import type { Route } from '../http/route.ts'

/** The box's cameras: settings, streams and their health. Invariant: one ffmpeg a camera, one connection a stream. */
export interface Cameras extends Part {
  readonly routes: readonly Route[]
  list(): Promise<Camera[]>
  /** Throws `not-found`. */
  get(id: string): Promise<Camera>
  /** The same from memory, for use at every frame; null when there is no such camera. */
  peek(id: string): Camera | null
  create(input: CreateCamera): Promise<Camera>
  change(id: string, input: ChangeCamera): Promise<Camera>
  remove(id: string): Promise<void>
  /** Ends the stream, does `meanwhile`, and begins anew; nothing of the old stream comes once it has. Throws `not-found`. */
  restart(id: string, meanwhile: () => Promise<void>): Promise<void>
  test(source: CameraSourceInput, signal: AbortSignal): Promise<TestCameraReply>
  /** Every decoded frame of every live camera, at the detection rate (5 a second), synchronously: be quick. */
  onFrame(listener: (frame: Frame) => void): () => void
  /** A camera itself (by ONVIF) saw something move: worth a look. At most once a second and camera. */
  onMotionHint(listener: (cameraId: string) => void): () => void
  /** The newest frame, or null when there is none younger than 10 s. */
  latestFrame(id: string): Frame | null
}
