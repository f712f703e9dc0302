import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { clockTime } from '../../format.ts'
import { Age } from '../../parts/age.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import type { IconName } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { PushSwitch } from '../../parts/push-switch.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { cameras } from '../../state/cameras.ts'
import { timeZone } from '../../state/home.ts'
import { ownTargetId } from '../../state/push.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { lastPush } from '../../state/worker.ts'
import { t } from '../../text/index.ts'
import type { PushTarget, TestPushReply } from '../../wire.ts'

const words = t.more.notifications
const targets = createResource(async () => (await client.readPushTargets()).targets)
const snoozes = createResource(async () => (await client.readSnoozes()).snoozes.filter(({ own }) => own))

export default function Notifications() {
  useResource(targets)
  return (
    <>
      <PushSwitch canStop onChange={() => void targets.load()} />
      <Section title={words.phones}>
        <Loaded of={targets} skeleton={<Skeleton shape="row" count={2} />}>
          {(list) => (list.length === 0 ? <p class="quiet">{words.noPhones}</p> : <Phones list={list} />)}
        </Loaded>
      </Section>
      <Section title={words.test}>
        <TestPush />
      </Section>
      <Snoozes />
      <Section title={words.more}>
        <ul class="menu">
          {may('system.view') && <Way href="/alerts/channels" icon="share" {...words.channels} />}
          {may('incidents.view') && <Way href="/alerts/history" icon="list" {...words.history} />}
        </ul>
      </Section>
    </>
  )
}

function Way({ href, icon, title, text }: { href: string; icon: IconName; title: string; text: string }) {
  return (
    <li>
      <a href={href}>
        <span class="menu-icon">
          <Icon name={icon} />
        </span>
        <span class="menu-words">
          <span class="menu-title">{title}</span>
          <span class="quiet">{text}</span>
        </span>
        <Icon name="next" />
      </a>
    </li>
  )
}

/** What was asked to be quiet, from a notification: it can be taken back here. */
function Snoozes() {
  useResource(snoozes)
  useResource(cameras)
  const task = useTask()
  const list = snoozes.data.value ?? []
  if (list.length === 0) return null
  const end = (cameraId: string | null) =>
    task.run(async () => {
      await client.endSnooze(cameraId)
      snoozes.patch((known) => known.filter((each) => each.cameraId !== cameraId))
    })
  const nameOf = (id: string | null) => cameras.data.value?.find((camera) => camera.id === id)?.name ?? words.noCamera
  return (
    <Section title={words.snoozed}>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <ul class="rows">
        {list.map(({ cameraId, until }) => (
          <li key={cameraId}>
            <Icon name="bell" />
            <span class="row-words">
              <span>{nameOf(cameraId)}</span>
              <span class="quiet">{words.quietUntil(clockTime(until, timeZone.value))}</span>
            </span>
            <Button label={words.hearAgainOf(nameOf(cameraId))} onPress={() => void end(cameraId)}>
              {words.hearAgain}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Phones({ list }: { list: readonly PushTarget[] }) {
  const task = useTask()
  const remove = (target: PushTarget) =>
    task.run(async () => {
      await client.removePushTarget(target.id)
      targets.patch((known) => known.filter(({ id }) => id !== target.id))
      showToast({ tone: 'done', text: words.removed(target.label) })
    })
  return (
    <>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <ul class="rows">
        {list.map((target) => (
          <li key={target.id}>
            <Icon name={target.problem ? 'alert' : 'phone'} />
            <span class="row-words">
              <span>{target.label}</span>
              <span class="quiet">
                {target.id === ownTargetId() && `${words.thisPhone} · `}
                {target.problem ??
                  (target.lastDeliveredAt === null ? (
                    words.neverDelivered
                  ) : (
                    <Age at={target.lastDeliveredAt} say={words.delivered} />
                  ))}
              </span>
            </span>
            <Button label={words.remove(target.label)} onPress={() => void remove(target)}>
              {t.cameras.page.remove}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}

function TestPush() {
  const task = useTask()
  const reply = useSignal<TestPushReply | null>(null)
  const startedAt = useSignal(0)
  const send = () =>
    task.run(async () => {
      startedAt.value = Date.now()
      reply.value = null
      reply.value = await client.testPush()
      await targets.load()
    })
  const arrived = startedAt.value > 0 && lastPush.value !== null && lastPush.value.at >= startedAt.value
  return (
    <div class="stack">
      <p class="quiet">{words.testLead}</p>
      <Button icon="bell" busy={task.busy.value} onPress={() => void send()}>
        {words.test}
      </Button>
      <div role="status" class="stack">
        {reply.value && (
          <Note tone={reply.value.sent > 0 ? 'good' : 'info'}>
            <p>{reply.value.sent > 0 ? words.sent(reply.value.sent) : words.sentNone}</p>
            {arrived && <p>{words.arrived}</p>}
          </Note>
        )}
        {reply.value?.failed.map(({ label, reason }) => (
          <Note key={label} tone="problem">
            <p>{words.failed(label, reason)}</p>
          </Note>
        ))}
      </div>
      {task.error.value && <ErrorNote error={task.error.value} />}
    </div>
  )
}
