import type { Box } from '../api/common.ts'
import type { Polygon } from '../api/zones.ts'
import { coverOf, paintBlack, type Frame } from '../media/index.ts'

/** Rectangles over what nobody shall see: worked out once for each drawing. */
export function hiddenOf(privacyMasks: (cameraId: string) => readonly Polygon[]): (cameraId: string) => readonly Box[] {
  const covers = new Map<string, { drawn: string; cover: readonly Box[] }>()
  return (cameraId) => {
    const masks = privacyMasks(cameraId)
    if (masks.length === 0) return []
    const drawn = JSON.stringify(masks)
    const known = covers.get(cameraId)
    if (known?.drawn === drawn) return known.cover
    const cover = coverOf(masks)
    covers.set(cameraId, { drawn, cover })
    return cover
  }
}

/** In place, before anybody has the picture, however it came: what is stored, shown or looked at comes from here. */
export function hide(frame: Frame, hidden: (cameraId: string) => readonly Box[]): Frame {
  paintBlack(frame, hidden(frame.cameraId))
  return frame
}
