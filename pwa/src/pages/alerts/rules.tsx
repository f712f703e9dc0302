import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import * as rulesClient from '../../client-rules.ts'
import { clockTime } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { Empty, ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { cameras } from '../../state/cameras.ts'
import { zoneNames } from '../../state/zones.ts'
import { timeZone } from '../../state/home.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { may, me } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { rulesWords } from '../../text/rules.ts'
import type { AlertRule } from '../../wire-rules.ts'
import { EditRule } from './edit-rule.tsx'
import { QuietHoursForm } from './quiet-hours.tsx'
import { nameOfCamera, nameOfZone } from './names.ts'
import { ruleSentence, ruleTells } from './rule-words.ts'
import '../people/people.css'
import './rules.css'

const words = rulesWords
const rules = createResource(async () => (await rulesClient.readRules()).rules)
const snoozes = createResource(async () => (await client.readSnoozes()).snoozes)

/** Who is told what; peace for a while; quiet hours. */
export default function Rules() {
  useResource(rules)
  useResource(cameras)
  useResource(zoneNames)
  const editing = useSignal<AlertRule | 'new' | null>(null)
  const close = () => {
    editing.value = null
    void rules.load()
  }
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Section title={words.rules}>
        <Loaded of={rules} skeleton={<Skeleton shape="card" count={3} />}>
          {(list) =>
            list.length === 0 ? (
              <Empty icon="bell" title={words.none.title} text={words.none.text} />
            ) : (
              <ul class="cards">
                {list.map((rule) => (
                  <li key={rule.id}>
                    <RuleCard rule={rule} onChange={() => (editing.value = rule)} />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        {may('system.edit') && (
          <div class="page-foot">
            <Button look="main" icon="plus" onPress={() => (editing.value = 'new')}>
              {words.add}
            </Button>
          </div>
        )}
      </Section>
      <Peace />
      <QuietHoursForm />
      {editing.value && <EditRule rule={editing.value === 'new' ? null : editing.value} onClose={close} />}
    </>
  )
}

function RuleCard({ rule, onChange }: { rule: AlertRule; onChange: () => void }) {
  const task = useTask()
  const sentence = ruleSentence(rule, nameOfCamera, nameOfZone)
  const { id, createdAt: _, updatedAt: __, words: ___, ...body } = rule
  const turn = (enabled: boolean) =>
    task.run(async () => {
      const changed = await rulesClient.changeRule(id, { ...body, enabled })
      rules.patch((list) => list.map((each) => (each.id === id ? changed : each)))
    })
  return (
    <article class={`card rule${rule.enabled ? '' : ' is-inactive'}`}>
      <div class="rule-words">
        <p class="rule-sentence">{sentence}</p>
        <p class="quiet">{rule.enabled ? ruleTells(rule) : words.off}</p>
      </div>
      {may('system.edit') && (
        <div class="rule-acts">
          <Toggle label={words.toggle(sentence)} on={rule.enabled} onToggle={(on) => void turn(on)} />
          <Button label={`${words.change}: ${sentence}`} onPress={onChange}>
            {words.change}
          </Button>
        </div>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
    </article>
  )
}

/** Whose alerts are silent for now; one's own can be made so, and heard again. */
function Peace() {
  useResource(snoozes)
  const task = useTask()
  const list = snoozes.data.value ?? []
  const hasAll = list.some(({ own, cameraId }) => own && cameraId === null)
  const begin = () =>
    task.run(async () => {
      const { snoozes: now } = await client.snooze(null, 60)
      snoozes.patch(() => now)
      showToast({ tone: 'done', text: words.snooze.begun, action: { label: t.shell.undo, run: () => void end(null) } })
    })
  const end = (cameraId: string | null) =>
    task.run(async () => {
      await client.endSnooze(cameraId)
      snoozes.patch((known) => known.filter((each) => !each.own || each.cameraId !== cameraId))
      showToast({ tone: 'done', text: words.snooze.ended })
    })
  return (
    <Section title={words.snooze.title}>
      <p class="quiet">{words.snooze.lead}</p>
      {list.length > 0 && (
        <ul class="rows">
          {list.map(({ cameraId, until, by, own }) => {
            const what = cameraId === null ? words.snooze.everything : (nameOfCamera(cameraId) ?? words.goneCamera)
            const who = own ? (me.value?.user.displayName ?? by) : by
            return (
              <li key={by + String(cameraId)}>
                <Icon name="snooze" />
                <span class="row-words">{words.snooze.until(who, what, clockTime(until, timeZone.value))}</span>
                {own && <Button onPress={() => void end(cameraId)}>{words.snooze.end}</Button>}
              </li>
            )
          })}
        </ul>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      {!hasAll && (
        <Button icon="snooze" busy={task.busy.value} onPress={() => void begin()}>
          {words.snooze.all}
        </Button>
      )}
    </Section>
  )
}
