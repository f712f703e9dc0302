import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../../client-remote-access.ts'
import { Button } from '../../parts/button.tsx'
import { FactList } from '../../parts/fact-list.tsx'
import { useTask } from '../../parts/form.ts'
import { OnceSheet } from '../../parts/once.tsx'
import { Section } from '../../parts/page.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { remoteAccess } from '../../state/remote-access.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { remoteWords as words } from '../../text/remote-access.ts'
import type { RemoteAccess as Known } from '../../wire-remote-access.ts'
import { PlaceForm } from './place-form.tsx'
import { Phones } from './phones.tsx'
import '../people/people.css'
import './remote-access.css'

/** A phone that connects should be seen doing so. */
const LOOK_AGAIN_MS = 10_000

/** Coming in from outside: where the home is found, and which phones may. */
export default function RemoteAccess() {
  useResource(remoteAccess)
  useEffect(() => {
    const timer = setInterval(() => void remoteAccess.load(), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Loaded of={remoteAccess} skeleton={<Skeleton shape="card" count={2} />}>
        {(known) => (
          <>
            <State of={known} />
            {known.on && <Phones of={known} />}
            <Help />
          </>
        )}
      </Loaded>
    </>
  )
}

const TONES = { off: 'info', running: 'good', failed: 'warning', unknown: 'info' } as const

function State({ of: known }: { of: Known }) {
  const { on, way, state, problem, host, port, hostIsPrivate } = known
  const editing = useSignal(false)
  const mayEdit = may('system.edit')
  return (
    <Section title={words.form.title}>
      <Note tone={problem === null ? TONES[state] : 'warning'} title={words.states[state]}>
        {problem !== null && <p>{problem}</p>}
      </Note>
      {on && (
        <FactList
          rows={[
            [words.facts.found, host],
            [words.facts.port, String(port)],
            [words.facts.address, known.openAt.length === 0 ? null : known.openAt.join(' · ')],
            [words.facts.networks, known.homeNetworks.length === 0 ? null : known.homeNetworks.join(', ')],
          ]}
        />
      )}
      {on && hostIsPrivate && <Note tone="warning" title={words.privateHost} />}
      {on && way === 'elsewhere' && <Elsewhere />}
      {mayEdit && on && !editing.value && (
        <div class="row-buttons">
          <Button onPress={() => (editing.value = true)}>{words.switch.change}</Button>
          <Off of={known} />
        </div>
      )}
      {mayEdit && (!on || editing.value) && <PlaceForm of={known} onDone={() => (editing.value = false)} />}
    </Section>
  )
}

function Off({ of: { port, homeNetworkGiven } }: { of: Known }) {
  const asking = useSignal(false)
  const task = useTask()
  const off = async () => {
    const body = { on: false, host: null, port, homeNetwork: homeNetworkGiven }
    const done = await task.run(async () => {
      const now = await client.changeRemoteAccess(body)
      remoteAccess.patch(() => now)
    })
    if (done) asking.value = false
  }
  return (
    <>
      <Button look="quiet" onPress={() => (asking.value = true)}>
        {words.switch.off}
      </Button>
      {task.error.value && <ErrorNote error={task.error.value} />}
      {asking.value && (
        <Ask
          title={words.offAsk.title}
          text={words.offAsk.text}
          confirm={words.offAsk.confirm}
          busy={task.busy.value}
          onConfirm={() => void off()}
          onClose={() => (asking.value = false)}
        />
      )}
    </>
  )
}

/** Where the box may not run the tunnel itself: the finished file for the machine that does. */
function Elsewhere() {
  const text = words.elsewhere
  const file = useSignal<string | null>(null)
  const task = useTask()
  const read = () => task.run(async () => void (file.value = (await client.readServerConfig()).config))
  return (
    <Note tone="info" title={text.title}>
      <p>{text.text}</p>
      {may('system.edit') && (
        <Button busy={task.busy.value} onPress={() => void read()}>
          {text.download}
        </Button>
      )}
      {task.error.value && <ErrorNote error={task.error.value} />}
      {file.value !== null && (
        <OnceSheet
          title={text.fileTitle}
          lead={text.fileLead}
          label={text.fileLabel}
          secret={file.value}
          onClose={() => (file.value = null)}
        />
      )}
    </Note>
  )
}

function Help() {
  return (
    <details class="fold">
      <summary>{words.help.title}</summary>
      <ol class="steps-plain">
        {words.help.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  )
}
