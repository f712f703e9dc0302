import { t } from '../text/index.ts'
import type { Box, ObjectClass } from '../wire.ts'

export interface ShownBox {
  id: string
  class: ObjectClass
  box: Box
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
