import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../../client-alerts.ts'
import { Age } from '../../parts/age.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Page } from '../../parts/page.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { people } from '../../state/people.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { delivery } from '../../text/delivery.ts'
import type { AlertChannel, TestChannelReply } from '../../wire-alerts.ts'
import { NotAllowed } from '../more/not-allowed.tsx'
import { EditChannel } from './channels-form.tsx'
import '../people/people.css'
import './alerts.css'

const words = delivery.channels
const channels = createResource(async () => (await client.readChannels()).channels)

export default function Channels() {
  return (
    <Page title={words.title} back={{ href: '/more/notifications', label: words.back }} class="is-reading">
      {may('system.view') ? <List /> : <NotAllowed />}
    </Page>
  )
}

function List() {
  useResource(channels)
  useEffect(() => {
    if (may('users.view')) void people.load()
  }, [])
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Loaded of={channels} skeleton={<Skeleton shape="card" count={4} />}>
        {(list) => (
          <ul class="cards">
            {list.map((channel) => (
              <li key={channel.id}>
                <Card of={channel} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}

type Look = keyof typeof words.states

function lookOf({ settings, enabled, problem }: AlertChannel): Look {
  if (settings === null) return 'off'
  if (!enabled) return 'paused'
  return problem === null ? 'on' : 'problem'
}

const BADGES: Record<Look, string> = { off: '', paused: '', on: 'is-good', problem: 'is-problem' }

function Card({ of: channel }: { of: AlertChannel }) {
  const editing = useSignal(false)
  const look = lookOf(channel)
  const name = words.names[channel.id]
  const isSetUp = channel.settings !== null
  return (
    <article class="card">
      <header class="card-head">
        <h2>{name}</h2>
        <span class={`badge ${BADGES[look]}`}>{words.states[look]}</span>
      </header>
      <p class="quiet">{words.about[channel.id]}</p>
      {isSetUp && <State of={channel} />}
      {may('system.edit') && (
        <>
          <Test of={channel} onEdit={() => (editing.value = true)} />
          {editing.value && (
            <EditChannel of={channel} onClose={() => (editing.value = false)} onSaved={() => void channels.load()} />
          )}
        </>
      )}
    </article>
  )
}

function State({ of: { state, problem, lastSentAt } }: { of: AlertChannel }) {
  return (
    <>
      {problem !== null && <p class="field-error">{problem}</p>}
      <p class="quiet">
        {state !== null && `${state} · `}
        {lastSentAt === null ? words.neverSent : <Age at={lastSentAt} say={words.sentAt} />}
      </p>
    </>
  )
}

function Test({ of: channel, onEdit }: { of: AlertChannel; onEdit: () => void }) {
  const task = useTask()
  const reply = useSignal<TestChannelReply | null>(null)
  const name = words.names[channel.id]
  const isSetUp = channel.settings !== null
  const send = () =>
    task.run(async () => {
      reply.value = null
      reply.value = await client.testChannel(channel.id)
      await channels.load()
    })
  return (
    <div class="channel-test">
      <div class="row-buttons">
        <Button
          look={isSetUp ? 'plain' : 'main'}
          label={isSetUp ? words.changeOf(name) : words.setUpOf(name)}
          onPress={onEdit}
        >
          {isSetUp ? words.change : words.setUp}
        </Button>
        {isSetUp && (
          <Button icon="bell" label={words.testOf(name)} busy={task.busy.value} onPress={() => void send()}>
            {words.test}
          </Button>
        )}
      </div>
      <div role="status">
        {reply.value && (
          <Note tone={reply.value.ok ? 'good' : 'problem'}>
            <p>{reply.value.words}</p>
          </Note>
        )}
      </div>
      {task.error.value && <ErrorNote error={task.error.value} />}
    </div>
  )
}
