import { useSignal } from '@preact/signals'
import { Button } from '../../parts/button.tsx'
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx'
import { cameras } from '../../state/cameras.ts'
import { expectations } from '../../state/expectations.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { risk } from '../../text/risk.ts'
import type { Expectation } from '../../wire-risk.ts'
import { EditExpected } from './edit-expected.tsx'
import '../people/people.css'

const words = risk.expected
const DAYS_A_WEEK = 7

/** Who comes when: what fits is judged more calmly. */
export default function Expected() {
  useResource(expectations)
  useResource(cameras)
  const open = useSignal<Expectation | 'new' | null>(null)
  const add = may('system.edit') && (
    <Button look="main" icon="plus" onPress={() => (open.value = 'new')}>
      {words.add}
    </Button>
  )
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Loaded of={expectations} skeleton={<Skeleton shape="card" count={2} />}>
        {({ expectations: list }) =>
          list.length === 0 ? (
            <Empty icon="people" title={words.empty.title} text={words.empty.text}>
              {add}
            </Empty>
          ) : (
            <>
              <ul class="cards">
                {list.map((each) => (
                  <li key={each.id}>
                    <Card of={each} onEdit={() => (open.value = each)} />
                  </li>
                ))}
              </ul>
              <div class="page-foot">{add}</div>
            </>
          )
        }
      </Loaded>
      {open.value !== null && (
        <EditExpected of={open.value === 'new' ? null : open.value} onClose={() => (open.value = null)} />
      )}
    </>
  )
}

function Card({ of: each, onEdit }: { of: Expectation; onEdit: () => void }) {
  const { name, who, classes, enabled } = each
  const seen = classes.map((kind) => t.incidents.classes[kind]).join(', ')
  return (
    <article class={`card${enabled ? '' : ' is-over'}`}>
      <header class="card-head">
        <h3>{name}</h3>
        {!enabled && <span class="badge">{words.paused}</span>}
      </header>
      <p>{whenWords(each)}</p>
      <p class="quiet">{`${words.who[who]} · ${seen} · ${whereWords(each)}`}</p>
      {may('system.edit') && (
        <div class="row-buttons">
          <Button label={words.edit(name)} onPress={onEdit}>
            {words.change}
          </Button>
        </div>
      )}
    </article>
  )
}

function whenWords({ weekdays, from, to }: Expectation): string {
  const days = weekdays.length === DAYS_A_WEEK ? words.everyDay : weekdays.map((day) => words.days[day]).join(', ')
  return `${days}, ${from === to ? words.allDay : words.between(from, to)}`
}

function whereWords({ cameras: chosen }: Expectation): string {
  if (chosen === null) return words.allCameras
  const known = cameras.data.value?.filter(({ id }) => chosen.includes(id)).map(({ name }) => name) ?? []
  return known.length === chosen.length ? known.join(', ') : words.missingCameras(chosen.length)
}
