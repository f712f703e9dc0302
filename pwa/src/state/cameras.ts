import { readCameras } from '../client.ts'
import { listen } from '../stream.ts'
import type { Camera } from '../wire.ts'
import { createResource } from './resource.ts'

export const cameras = createResource(async () => (await readCameras()).cameras)

/** Puts a new or changed camera in its place. */
export function keepCamera(camera: Camera): void {
  cameras.patch((list) =>
    list.some(({ id }) => id === camera.id)
      ? list.map((each) => (each.id === camera.id ? camera : each))
      : [...list, camera],
  )
}

export function forgetCamera(id: string): void {
  cameras.patch((list) => list.filter((each) => each.id !== id))
}

listen('camera.changed', keepCamera)
listen('camera.removed', ({ id }) => forgetCamera(id))
