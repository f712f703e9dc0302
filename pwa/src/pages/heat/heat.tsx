import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import * as client from '../../client-review.ts'
import { OBJECT_CLASSES } from '../../parts/camera-source.ts'
import { Select } from '../../parts/field.tsx'
import { Page } from '../../parts/page.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { cameras } from '../../state/cameras.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { t } from '../../text/index.ts'
import { back } from '../../text/review.ts'
import type { Heat as HeatData } from '../../wire.ts'
import '../../styles/review.css'

const words = back.heat
const BACK = { href: '/incidents', label: t.incidents.title }
const WEEKS = [4, 13, 52] as const

/** When things happen: a table whose cells are its picture. */
export default function Heat() {
  const camera = useSignal('')
  const kind = useSignal('')
  const weeks = useSignal<number>(WEEKS[0])
  useResource(cameras)
  const heat = useMemo(
    () =>
      createResource(
        () =>
          client.readHeat(
            { ...(camera.value && { camera: camera.value }), ...(kind.value && { class: kind.value }) },
            weeks.value,
          ),
        { kept: false },
      ),
    [],
  )
  useEffect(() => void heat.load(), [camera.value, kind.value, weeks.value])
  const list = cameras.data.value ?? []
  return (
    <Page title={words.title} back={BACK} class="heat-page">
      <p class="lead">{words.lead}</p>
      <div class="heat-filters">
        <Select
          label={words.camera}
          value={camera.value}
          options={[
            { value: '', label: words.everyCamera },
            ...list.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => (camera.value = value)}
        />
        <Select
          label={words.what}
          value={kind.value}
          options={[
            { value: '', label: words.everything },
            ...OBJECT_CLASSES.map((value) => ({ value, label: t.incidents.classes[value] })),
          ]}
          onChange={(value) => (kind.value = value)}
        />
        <Select
          label={words.weeks}
          value={String(weeks.value)}
          options={WEEKS.map((value) => ({ value: String(value), label: words.weekNames[value] ?? '' }))}
          onChange={(value) => (weeks.value = Number(value))}
        />
      </div>
      <Loaded of={heat} skeleton={<Skeleton shape="card" count={3} />}>
        {(data) => <Table heat={data} />}
      </Loaded>
    </Page>
  )
}

/** Steps of the one hue; nothing at all is bare. */
const STEPS = 5

function stepOf(count: number, most: number): number {
  return count === 0 ? 0 : Math.max(1, Math.ceil((count / most) * STEPS))
}

function Table({ heat: { cells, most, total } }: { heat: HeatData }) {
  return (
    <table class="heat">
      <caption>{total === 0 ? words.none : words.caption(total)}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">{words.hour}</span>
          </th>
          {words.weekdays.map((name, day) => (
            <th key={name} scope="col">
              <abbr title={name}>{words.shortWeekdays[day]}</abbr>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: 24 }, (_, hour) => (
          <tr key={hour}>
            <th scope="row">{String(hour).padStart(2, '0')}</th>
            {cells.map((row, day) => {
              const count = row[hour] ?? 0
              return (
                <td key={day} class={`is-step-${String(stepOf(count, most))}`}>
                  {count === 0 ? <span class="visually-hidden">0</span> : count}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
