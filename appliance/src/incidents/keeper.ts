import type { Observation } from '../vision/types.ts'
import type { OpenIncident } from './open-incident.ts'
import { Scene, type SceneCamera, type SceneDeps } from './scene.ts'

export interface KeeperDeps extends SceneDeps {
  /** From memory; null when there is no such camera. */
  camera(id: string): SceneCamera | null
}

/** One scene a camera. */
export interface Keeper {
  observe(observation: Observation): void
  adopt(incident: OpenIncident): void
  tick(): void
  closeCamera(cameraId: string): void
  /** Drops a better picture that waits to be written. */
  forgetPicture(cameraId: string): void
  settle(): Promise<void>
}

export function createKeeper(deps: KeeperDeps): Keeper {
  const scenes = new Map<string, Scene>()

  function sceneOf(cameraId: string): Scene {
    const scene = scenes.get(cameraId) ?? new Scene(deps)
    scenes.set(cameraId, scene)
    return scene
  }

  return {
    observe(observation) {
      const camera = deps.camera(observation.cameraId)
      if (camera) sceneOf(camera.id).observe(camera, observation)
    },
    adopt: (incident) => sceneOf(incident.camera.id).adopt(incident),
    tick: () => scenes.forEach((scene) => scene.tick()),
    closeCamera: (cameraId) => scenes.get(cameraId)?.close(),
    forgetPicture: (cameraId) => scenes.get(cameraId)?.forgetPicture(),
    async settle() {
      await Promise.all([...scenes.values()].map((scene) => scene.settle()))
    },
  }
}
