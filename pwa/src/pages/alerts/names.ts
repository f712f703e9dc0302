import { cameras } from '../../state/cameras.ts'
import { zoneNames } from '../../state/zones.ts'

/** null: it is gone, or not known yet. */
export const nameOfCamera = (id: string): string | null =>
  cameras.data.value?.find((camera) => camera.id === id)?.name ?? null
export const nameOfZone = (id: string): string | null =>
  zoneNames.data.value?.find((zone) => zone.id === id)?.name ?? null
