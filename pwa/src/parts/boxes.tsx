import { t } from '../text/index.ts'
import type { Box, Incident, ObjectClass } from '../wire.ts'

export interface ShownBox {
  id: string
  class: ObjectClass
  box: Box
}

/** What was found in the incident's own picture. */
export function snapshotBoxes({ snapshot }: Pick<Incident, 'snapshot'>): ShownBox[] {
  return snapshot?.boxes.map((each, index) => ({ id: String(index), class: each.class, box: each.box })) ?? []
}

/** Boxes over a picture of any size; each says what it is. */
export function Boxes({ boxes }: { boxes: readonly ShownBox[] }) {
  return (
    <div class="boxes" aria-hidden="true">
      {boxes.map(({ id, class: kind, box }) => (
        <div
          key={id}
          class={`seen-box ${labelPlace(box)}`}
          style={{
            left: `${String(box.x * 100)}%`,
            top: `${String(box.y * 100)}%`,
            width: `${String(box.width * 100)}%`,
            height: `${String(box.height * 100)}%`,
          }}
        >
          <span>{t.incidents.classes[kind]}</span>
        </div>
      ))}
    </div>
  )
}

/** As much of the picture's height as the label takes. */
const LABEL = 0.12

/** Above the box; below it, or inside at its foot, where there is no room: never over a face. */
function labelPlace({ y, height }: Box): string {
  if (y >= LABEL) return 'is-above'
  return y + height <= 1 - LABEL ? 'is-below' : 'is-inside'
}
