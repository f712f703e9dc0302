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
          class={`seen-box${box.y < 0.08 ? ' is-low' : ''}`}
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
