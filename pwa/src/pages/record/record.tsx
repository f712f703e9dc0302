import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { clockTime, dayKey, dayName } from '../../format.ts'
import { FactList } from '../../parts/fact-list.tsx'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ListFoot } from '../../parts/list-foot.tsx'
import { Empty, ErrorNote, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { keys } from '../../state/keys.ts'
import { invitations, people, roles } from '../../state/people.ts'
import { plugs } from '../../state/plugs.ts'
import { phoneName } from '../../state/push.ts'
import { may } from '../../state/session.ts'
import { care } from '../../text/people.ts'
import { resyncs } from '../../stream.ts'
import type { AuditEntry } from '../../wire-people.ts'
import { roleName } from '../people/role-choice.tsx'
import { kind, record, show } from './list.ts'
import { sentenceOf } from './sentence.ts'
import type { Names } from './sentence.ts'
import '../people/people.css'

const words = care.record

export default function Record() {
  useEffect(() => void record.readFirst(), [resyncs.value])
  useEffect(() => {
    if (may('users.view')) void Promise.all([people.load(), roles.load(), invitations.load(), keys.load()])
    if (may('devices.view')) void plugs.load()
  }, [])
  const { failure, items } = record
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Filter />
      {failure.value && <ErrorNote error={failure.value} onRetry={() => void record.readFirst()} />}
      {items.value === null ? (
        !failure.value && <Skeleton shape="row" count={8} />
      ) : items.value.length === 0 ? (
        <Empty icon="info" title={words.empty.title} text={words.empty.text}>
          {kind.value !== null && <Button onPress={() => show(null)}>{words.empty.clear}</Button>}
        </Empty>
      ) : (
        <Days list={items.value} />
      )}
    </>
  )
}

function Filter() {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{words.show}</label>
      <div class="field-box is-select">
        <select
          id={id}
          value={kind.value ?? ''}
          onChange={({ currentTarget: { value } }) => show(value === '' ? null : value)}
        >
          <option value="">{words.everything}</option>
          {words.groups.map(({ name, of }) => (
            <optgroup key={name} label={name}>
              {of.map((type) => (
                <option key={type} value={type} selected={kind.value === type}>
                  {words.kinds[type]?.name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
    </div>
  )
}

/** What the ids in the record are called now. */
function knownNames(): Names {
  return new Map([
    ...(people.data.value ?? []).map(({ id, displayName }) => [id, displayName] as const),
    ...(roles.data.value ?? []).map((role) => [role.id, roleName(role)] as const),
    ...(invitations.data.value ?? []).map(({ id, displayName }) => [id, displayName] as const),
    ...(keys.data.value?.keys ?? []).map(({ id, name }) => [id, name] as const),
    ...(plugs.data.value ?? []).map(({ id, name }) => [id, name] as const),
  ])
}

function Days({ list }: { list: readonly AuditEntry[] }) {
  const zone = timeZone.value
  const names = knownNames()
  return (
    <>
      {[...Map.groupBy(list, ({ at }) => dayKey(at, zone))].map(([key, ofDay]) => (
        <section class="day" key={key}>
          <h2>{dayName(ofDay[0]?.at ?? 0, Date.now(), zone)}</h2>
          <ul class="record">
            {ofDay.map((entry) => (
              <li key={entry.id}>
                <Entry entry={entry} names={names} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <ListFoot of={record} words={words} />
    </>
  )
}

function Entry({ entry, names }: { entry: AuditEntry; names: Names }) {
  const { severity, at } = entry
  const open = useSignal(false)
  return (
    <details onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary class={`is-${severity}`}>
        <Icon
          name={severity === 'INFO' ? 'info' : 'alert'}
          {...(severity === 'INFO' ? {} : { label: words.severities[severity] })}
        />
        <span class="row-words">{sentenceOf(entry, names)}</span>
        <time dateTime={new Date(at).toISOString()}>{clockTime(at, timeZone.value)}</time>
      </summary>
      {open.value && <Facts entry={entry} />}
    </details>
  )
}

function Facts({ entry }: { entry: AuditEntry }) {
  const { facts } = words
  const rows: [string, string | null][] = [
    [facts.kind, words.kinds[entry.type]?.name ?? entry.type],
    [facts.severity, words.severities[entry.severity]],
    [facts.address, entry.address],
    [facts.browser, entry.userAgent === null ? null : phoneName(entry.userAgent)],
    [facts.role, entry.role === null ? null : (care.roles.names[entry.role] ?? entry.role)],
    [facts.resource, entry.resource],
    ...Object.entries(entry.details).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ]
  return <FactList rows={rows} />
}
