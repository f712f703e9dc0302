import { OBJECT_CLASSES } from '../../parts/camera-source.ts'
import { cameras } from '../../state/cameras.ts'
import { t } from '../../text/index.ts'
import type { ObjectClass } from '../../wire.ts'
import { filter, setFilter, unreviewed } from './list.ts'

/** Chips in one row that scrolls sideways: not reviewed, each camera, each class. A second tap takes one off. */
export function Filters() {
  const { camera, class: kind, reviewed } = filter.value
  const list = cameras.data.value ?? []
  const base = { ...(camera ? { camera } : {}), ...(kind ? { class: kind } : {}), ...(reviewed ? { reviewed } : {}) }
  const without = (key: keyof typeof base) => Object.fromEntries(Object.entries(base).filter(([name]) => name !== key))
  return (
    <div class="chips is-row" role="group" aria-label={t.incidents.filters} tabIndex={0}>
      <Chip
        on={reviewed === 'no'}
        words={t.incidents.unreviewed}
        count={unreviewed.value}
        onPress={() => setFilter(reviewed === 'no' ? without('reviewed') : { ...base, reviewed: 'no' })}
      />
      {list.length > 1 &&
        list.map(({ id, name }) => (
          <Chip
            key={id}
            on={camera === id}
            words={name}
            onPress={() => setFilter(camera === id ? without('camera') : { ...base, camera: id })}
          />
        ))}
      {OBJECT_CLASSES.map((each: ObjectClass) => (
        <Chip
          key={each}
          on={kind === each}
          words={t.incidents.classes[each]}
          onPress={() => setFilter(kind === each ? without('class') : { ...base, class: each })}
        />
      ))}
    </div>
  )
}

function Chip({ on, words, count, onPress }: { on: boolean; words: string; count?: number; onPress: () => void }) {
  return (
    <button type="button" class="chip" aria-pressed={on} onClick={onPress}>
      {words}
      {count !== undefined && count > 0 && <span class="count">{count}</span>}
    </button>
  )
}
