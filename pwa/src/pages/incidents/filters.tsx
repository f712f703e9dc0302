import { useSignal } from '@preact/signals'
import { Icon } from '../../parts/icon.tsx'
import { cameras } from '../../state/cameras.ts'
import { t } from '../../text/index.ts'
import type { ObjectClass } from '../../wire.ts'
import { FilterSheet } from './filter-sheet.tsx'
import { change, filter, toggled, unreviewed } from './list.ts'

const words = t.incidents
const SHOWN_CLASSES: readonly ObjectClass[] = ['person', 'car', 'dog', 'cat']
/** What the sheet holds and the row of chips does not. */
const INNER = ['zone', 'band', 'verdict', 'feedback', 'from', 'until'] as const

/** Chips in one row that scrolls sideways; a second tap takes one off. What is asked for seldom is in the sheet. */
export function Filters() {
  const open = useSignal(false)
  const { camera, class: kind, reviewed, starred } = filter.value
  const list = cameras.data.value ?? []
  const inner = INNER.filter((name) => filter.value[name] !== undefined).length
  const further = (kind?.split(',') ?? []).filter((each) => !SHOWN_CLASSES.some((known) => known === each))
  return (
    <>
      <div class="chips is-row" role="group" aria-label={words.filters} tabIndex={0}>
        <button
          type="button"
          class="chip"
          aria-pressed={inner > 0}
          aria-haspopup="dialog"
          onClick={() => (open.value = true)}
        >
          <Icon name="sliders" />
          {words.filter}
          {inner > 0 && <span class="count">{inner}</span>}
        </button>
        <Chip
          on={reviewed === 'no'}
          words={words.unreviewed}
          count={unreviewed.value}
          onPress={() => change({ reviewed: reviewed === 'no' ? undefined : 'no' })}
        />
        <Chip
          on={starred === 'yes'}
          words={words.starred}
          onPress={() => change({ starred: starred === 'yes' ? undefined : 'yes' })}
        />
        {list.length > 1 &&
          list.map(({ id, name }) => (
            <Chip
              key={id}
              on={camera?.split(',').includes(id) ?? false}
              words={name}
              onPress={() => change({ camera: toggled(camera, id) })}
            />
          ))}
        {[...SHOWN_CLASSES, ...(further as ObjectClass[])].map((each) => (
          <Chip
            key={each}
            on={kind?.split(',').includes(each) ?? false}
            words={words.classes[each]}
            onPress={() => change({ class: toggled(kind, each) })}
          />
        ))}
      </div>
      {open.value && <FilterSheet onClose={() => (open.value = false)} />}
    </>
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
