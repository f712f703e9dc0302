import { useSignal } from '@preact/signals'
import * as client from '../../client-remote-access.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { TaskForm } from '../../parts/task-form.tsx'
import { remoteAccess } from '../../state/remote-access.ts'
import { remoteWords } from '../../text/remote-access.ts'
import type { RemoteAccess } from '../../wire-remote-access.ts'

const words = remoteWords.form

function portOf(text: string): number | null {
  const port = Number(text)
  return /^\d+$/.test(text) && port >= 1 && port <= 65_535 ? port : null
}

/** Under which name, on which port; sending it switches remote access on. */
export function PlaceForm({ of: known, onDone }: { of: RemoteAccess; onDone: () => void }) {
  const host = useSignal(known.host ?? '')
  const port = useSignal(String(known.port))
  const network = useSignal(known.homeNetworkGiven ?? '')
  const tried = useSignal(false)
  const task = useTask()
  const portNumber = portOf(port.value)
  const save = async () => {
    tried.value = true
    if (host.value.trim() === '' || portNumber === null) return
    const homeNetwork = network.value.trim() === '' ? null : network.value.trim()
    const body = { on: true, host: host.value.trim(), port: portNumber, homeNetwork }
    const done = await task.run(async () => {
      const now = await client.changeRemoteAccess(body)
      remoteAccess.patch(() => now)
    })
    if (done) onDone()
  }
  const send = known.on ? remoteWords.switch.save : remoteWords.switch.on
  return (
    <TaskForm task={task} send={send} onSubmit={() => void save()}>
      <Field
        label={words.host}
        hint={words.hostHint}
        value={host.value}
        inputMode="url"
        maxLength={253}
        error={tried.value && host.value.trim() === '' ? words.hostMissing : undefined}
        onInput={(value) => (host.value = value)}
      />
      <Field
        label={words.port}
        hint={words.portHint}
        value={port.value}
        inputMode="numeric"
        maxLength={5}
        error={tried.value && portNumber === null ? words.portWrong : undefined}
        onInput={(value) => (port.value = value)}
      />
      <Field
        label={words.network}
        hint={words.networkHint}
        value={network.value}
        maxLength={18}
        onInput={(value) => (network.value = value)}
      />
      {known.on && known.peers.length > 0 && <p class="quiet">{words.later}</p>}
    </TaskForm>
  )
}
