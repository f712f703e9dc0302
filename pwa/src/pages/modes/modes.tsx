import { useSignal } from '@preact/signals'
import * as client from '../../client-rules.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Chips } from '../../parts/chips.tsx'
import { Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { TimeField, WEEK, Weekdays } from '../../parts/week-times.tsx'
import { cameras } from '../../state/cameras.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { rulesWords } from '../../text/rules.ts'
import type { ModeOptions, ModeScheduleEntry } from '../../wire-rules.ts'
import type { HomeMode } from '../../wire.ts'
import { ModeSwitch } from '../now/mode-switch.tsx'
import { Phones } from './phones.tsx'
import '../alerts/rules.css'

const words = rulesWords.modes
const options = createResource(client.readModeOptions)
const MODES = Object.keys(t.now.mode.names) as HomeMode[]

export default function Modes() {
  useResource(options)
  return (
    <>
      <p class="lead">{words.lead}</p>
      <ModeSwitch />
      {may('system.edit') && (
        <Loaded of={options} skeleton={<Skeleton shape="row" count={4} />}>
          {(known) => <Options start={known} />}
        </Loaded>
      )}
      <Phones />
    </>
  )
}

interface PartProps {
  of: ModeOptions
  change: (part: Partial<ModeOptions>) => void
}

function Options({ start }: { start: ModeOptions }) {
  const draft = useSignal(start)
  const task = useTask()
  const change = (part: Partial<ModeOptions>) => (draft.value = { ...draft.value, ...part })
  const save = () =>
    task.run(async () => {
      const saved = await client.changeModeOptions(draft.value)
      options.patch(() => saved)
      showToast({ tone: 'done', text: words.saved })
    })
  return (
    <TaskForm task={task} send={words.save} wide={false} onSubmit={() => void save()}>
      <Delays of={draft.value} change={change} />
      <Schedule of={draft.value} change={change} />
      <ByPresence of={draft.value} change={change} />
    </TaskForm>
  )
}

const SECONDS = [0, 15, 30, 45, 60, 90, 120, 300]
const MINUTES = [5, 10, 15, 20, 30, 60]
const choices = (list: readonly number[], own: number, say: (value: number) => string) =>
  [...new Set([...list, own])].sort((a, b) => a - b).map((value) => ({ value: String(value), label: say(value) }))

function Delays({ of, change }: PartProps) {
  useResource(cameras)
  const list = cameras.data.value ?? []
  const toggle = (id: string) =>
    of.entryCameras.includes(id) ? of.entryCameras.filter((each) => each !== id) : [...of.entryCameras, id]
  return (
    <Section title={words.delays}>
      <Select
        label={words.exit}
        value={String(of.exitDelayS)}
        options={choices(SECONDS, of.exitDelayS, words.seconds)}
        onChange={(value) => change({ exitDelayS: Number(value) })}
      />
      <Select
        label={words.entry}
        hint={words.entryHint}
        value={String(of.entryDelayS)}
        options={choices(SECONDS, of.entryDelayS, words.seconds)}
        onChange={(value) => change({ entryDelayS: Number(value) })}
      />
      {list.length > 0 && (
        <fieldset class="fieldset">
          <legend>{words.entryCameras}</legend>
          <Chips
            label={words.entryCameras}
            options={list.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={of.entryCameras}
            onToggle={(id) => change({ entryCameras: toggle(id) })}
          />
        </fieldset>
      )}
    </Section>
  )
}

function pointWords({ mode, weekdays, at }: ModeScheduleEntry): string {
  const { week } = rulesWords
  const days = weekdays.length === 7 ? week.everyDay : weekdays.map((day) => week.days[day]).join(', ')
  return words.pointWords(t.now.mode.names[mode], days, at)
}

function Schedule({ of, change }: PartProps) {
  const draft = useSignal<ModeScheduleEntry>({ mode: 'night', weekdays: [...WEEK], at: '22:30' })
  const point = draft.value
  const canAdd = point.weekdays.length > 0 && point.at !== ''
  return (
    <Section title={words.schedule}>
      <p class="quiet">{words.scheduleLead}</p>
      {of.schedule.length > 0 && (
        <ul class="rows">
          {of.schedule.map((each) => (
            <li key={JSON.stringify(each)}>
              <Icon name={each.mode === 'night' ? 'night' : each.mode === 'away' ? 'away' : 'now'} />
              <span class="row-words">{pointWords(each)}</span>
              <IconButton
                icon="trash"
                label={words.removePoint(pointWords(each))}
                onPress={() => change({ schedule: of.schedule.filter((other) => other !== each) })}
              />
            </li>
          ))}
        </ul>
      )}
      <div class="time-pair">
        <Select
          label={words.pointMode}
          value={point.mode}
          options={MODES.map((value) => ({ value, label: t.now.mode.names[value] }))}
          onChange={(value) => (draft.value = { ...point, mode: value as HomeMode })}
        />
        <TimeField label={words.pointAt} value={point.at} onInput={(at) => (draft.value = { ...point, at })} />
      </div>
      <Weekdays chosen={point.weekdays} onChange={(weekdays) => (draft.value = { ...point, weekdays })} />
      <Button icon="plus" onPress={() => canAdd && change({ schedule: [...of.schedule, point] })}>
        {words.addPoint}
      </Button>
    </Section>
  )
}

function ByPresence({ of, change }: PartProps) {
  return (
    <Section title={words.presence}>
      <div class="checks">
        <Check
          label={words.awayWhenEmpty}
          checked={of.awayWhenEmpty}
          onChange={(awayWhenEmpty) => change({ awayWhenEmpty })}
        />
        <Check
          label={words.homeWhenBack}
          checked={of.homeWhenBack}
          onChange={(homeWhenBack) => change({ homeWhenBack })}
        />
      </div>
      <Select
        label={words.awayAfter}
        value={String(of.awayAfterMin)}
        options={choices(MINUTES, of.awayAfterMin, words.minutes)}
        onChange={(value) => change({ awayAfterMin: Number(value) })}
      />
    </Section>
  )
}
