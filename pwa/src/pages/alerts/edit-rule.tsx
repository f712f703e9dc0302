import { useSignal } from '@preact/signals'
import * as client from '../../client-rules.ts'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Chips } from '../../parts/chips.tsx'
import { Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { WEEK, WeekTimesFields } from '../../parts/week-times.tsx'
import { cameras } from '../../state/cameras.ts'
import { people } from '../../state/people.ts'
import { plugs } from '../../state/plugs.ts'
import { zoneNames } from '../../state/zones.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { rulesWords } from '../../text/rules.ts'
import type { AlertChannel, AlertRule, AlertRuleBody, RiskBand } from '../../wire-rules.ts'
import type { HomeMode, ObjectClass } from '../../wire.ts'
import { nameOfCamera, nameOfZone } from './names.ts'
import { ruleSentence } from './rule-words.ts'
import { Trial } from './trial.tsx'

const words = rulesWords.edit
const NEW: AlertRuleBody = {
  ...{ enabled: true, classes: ['person'], cameras: [], zones: [], modes: ['away', 'night'], times: null },
  ...{ minBand: 'low', dwellS: 0, cooldownS: 300, throughQuiet: false, people: [], channels: [], lightPlugId: null },
}
const CLASSES = Object.keys(t.incidents.classes) as ObjectClass[]
const MODES = Object.keys(t.now.mode.names) as HomeMode[]

function bodyOf(rule: AlertRule | null): AlertRuleBody {
  if (rule === null) return NEW
  const { id: _, createdAt: __, updatedAt: ___, words: ____, ...body } = rule
  return body
}

const toggled = <T,>(list: readonly T[], value: T): T[] =>
  list.includes(value) ? list.filter((each) => each !== value) : [...list, value]

interface PartProps {
  rule: AlertRuleBody
  change: (part: Partial<AlertRuleBody>) => void
}

export function EditRule({ rule: start, onClose }: { rule: AlertRule | null; onClose: () => void }) {
  const draft = useSignal(bodyOf(start))
  const task = useTask()
  const rule = draft.value
  const change = (part: Partial<AlertRuleBody>) => (draft.value = { ...draft.value, ...part })
  const save = async () => {
    const saved = await task.run(async () => {
      await (start ? client.changeRule(start.id, rule) : client.addRule(rule))
      showToast({ tone: 'done', text: words.saved })
    })
    if (saved) onClose()
  }
  const remove = async () => {
    if (!start || !(await task.run(async () => void (await client.removeRule(start.id))))) return
    const back = () => void client.addRule(bodyOf(start)).then(onClose)
    showToast({ tone: 'done', text: words.removed, action: { label: t.shell.undo, run: back } })
    onClose()
  }
  return (
    <Sheet title={start ? words.change : words.add} onClose={onClose}>
      <TaskForm
        task={task}
        send={words.save}
        onSubmit={() => void save()}
        after={
          start && (
            <Button look="danger" icon="trash" onPress={() => void remove()}>
              {words.remove}
            </Button>
          )
        }
      >
        <p class="rule-sentence" aria-live="polite">
          {ruleSentence(rule, nameOfCamera, nameOfZone)}
        </p>
        <WhatAndWhere rule={rule} change={change} />
        <details class="fold">
          <summary>{words.more}</summary>
          <Finer rule={rule} change={change} />
        </details>
        <Trial rule={rule} />
      </TaskForm>
    </Sheet>
  )
}

function WhatAndWhere({ rule, change }: PartProps) {
  useResource(cameras)
  const list = cameras.data.value ?? []
  return (
    <>
      <fieldset class="fieldset">
        <legend>{words.what}</legend>
        <Chips
          label={words.what}
          options={CLASSES.map((value) => ({ value, label: t.incidents.classes[value] }))}
          chosen={rule.classes}
          onToggle={(value) => change({ classes: toggled(rule.classes, value) })}
        />
      </fieldset>
      {list.length > 1 && (
        <fieldset class="fieldset">
          <legend>{words.where}</legend>
          <Chips
            label={words.where}
            options={list.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={rule.cameras}
            onToggle={(value) => change({ cameras: toggled(rule.cameras, value) })}
          />
          <p class="field-hint">{words.whereHint}</p>
        </fieldset>
      )}
      <InZones rule={rule} change={change} />
      <fieldset class="fieldset">
        <legend>{words.mode}</legend>
        <Chips
          label={words.mode}
          options={MODES.map((value) => ({ value, label: t.now.mode.names[value] }))}
          chosen={rule.modes}
          onToggle={(value) => change({ modes: toggled(rule.modes, value) })}
        />
      </fieldset>
    </>
  )
}

/** Those of the cameras that the rule is about; one that is gone can only be taken out. */
function InZones({ rule, change }: PartProps) {
  useResource(zoneNames)
  const of = (id: string) => cameras.data.value?.find((camera) => camera.id === id)?.name ?? ''
  const known = zoneNames.data.value ?? []
  const fitting = known.filter(({ cameraId }) => rule.cameras.length === 0 || rule.cameras.includes(cameraId))
  const others = rule.zones.filter((id) => !fitting.some((zone) => zone.id === id))
  if (fitting.length === 0 && others.length === 0) return null
  const options = [
    ...fitting.map(({ id, name, cameraId }) => ({ value: id, label: `${name} · ${of(cameraId)}` })),
    ...others.map((id) => ({ value: id, label: nameOfZone(id) ?? words.goneZone })),
  ]
  return (
    <fieldset class="fieldset">
      <legend>{words.zones}</legend>
      <Chips
        label={words.zones}
        options={options}
        chosen={rule.zones}
        onToggle={(value) => change({ zones: toggled(rule.zones, value) })}
      />
      <p class="field-hint">{words.zonesHint}</p>
    </fieldset>
  )
}

const DWELLS = [0, 5, 10, 20, 30, 60, 120]
const COOLDOWNS = [0, 120, 300, 600, 1_800, 3_600, 14_400]
/** One that was chosen elsewhere stays what it is. */
const withOwn = (list: readonly number[], own: number): number[] => [...new Set([...list, own])].sort((a, b) => a - b)

function Finer({ rule, change }: PartProps) {
  const times = { weekdays: [...WEEK], from: '22:00', to: '06:00' }
  return (
    <div class="form">
      <Select
        label={words.risk}
        value={rule.minBand}
        options={(Object.keys(rulesWords.least) as RiskBand[]).map((value) => ({
          value,
          label: rulesWords.least[value],
        }))}
        onChange={(value) => change({ minBand: value as RiskBand })}
      />
      <Select
        label={rule.zones.length === 0 ? words.dwell : words.dwellInZone}
        value={String(rule.dwellS)}
        options={withOwn(DWELLS, rule.dwellS).map((value) => ({ value: String(value), label: words.seconds(value) }))}
        onChange={(value) => change({ dwellS: Number(value) })}
      />
      <Select
        label={words.cooldown}
        value={String(rule.cooldownS)}
        options={withOwn(COOLDOWNS, rule.cooldownS).map((value) => ({
          value: String(value),
          label: words.peace(value),
        }))}
        onChange={(value) => change({ cooldownS: Number(value) })}
      />
      <div class="checks">
        <Check
          label={words.quiet}
          hint={words.quietHint}
          checked={rule.throughQuiet}
          onChange={(throughQuiet) => change({ throughQuiet })}
        />
        <Check
          label={words.times}
          checked={rule.times !== null}
          onChange={(on) => change({ times: on ? times : null })}
        />
      </div>
      {rule.times && <WeekTimesFields times={rule.times} onChange={(changed) => change({ times: changed })} />}
      <WhoAndHow rule={rule} change={change} />
    </div>
  )
}

function WhoAndHow({ rule, change }: PartProps) {
  const ways = Object.keys(rulesWords.channels) as AlertChannel[]
  return (
    <>
      {may('users.view') && <Who rule={rule} change={change} />}
      <fieldset class="fieldset">
        <legend>{words.ways}</legend>
        <Chips
          label={words.ways}
          options={ways.map((value) => ({ value, label: rulesWords.channels[value] }))}
          chosen={rule.channels}
          onToggle={(value) => change({ channels: toggled(rule.channels, value) })}
        />
        <p class="field-hint">{words.waysHint}</p>
      </fieldset>
      {may('devices.view') && <Light rule={rule} change={change} />}
    </>
  )
}

function Who({ rule, change }: PartProps) {
  useResource(people)
  const list = people.data.value ?? []
  return (
    <fieldset class="fieldset">
      <legend>{words.who}</legend>
      <Chips
        label={words.who}
        options={list.map(({ id, displayName }) => ({ value: id, label: displayName }))}
        chosen={rule.people}
        onToggle={(value) => change({ people: toggled(rule.people, value) })}
      />
      <p class="field-hint">{words.whoHint}</p>
    </fieldset>
  )
}

function Light({ rule, change }: PartProps) {
  useResource(plugs)
  const list = plugs.data.value ?? []
  if (list.length === 0) return null
  return (
    <Select
      label={words.light}
      value={rule.lightPlugId ?? ''}
      options={[{ value: '', label: words.noLight }, ...list.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(value) => change({ lightPlugId: value === '' ? null : value })}
    />
  )
}
