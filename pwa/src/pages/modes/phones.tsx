import { useSignal } from '@preact/signals'
import * as client from '../../client-rules.ts'
import { Age } from '../../parts/age.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { fence, startFence, stopFence } from '../../state/fence.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { rulesWords } from '../../text/rules.ts'
import type { Presence, PresenceDevice } from '../../wire-rules.ts'

const words = rulesWords.modes
const devices = createResource(client.readPresenceDevices)
const keep = (reply: Presence): void => devices.patch(() => reply)

/** By which phones it is known who is home. */
export function Phones() {
  useResource(devices)
  return (
    <Section title={words.phones}>
      <p class="quiet">{words.phonesLead}</p>
      <Loaded of={devices} skeleton={<Skeleton shape="row" />}>
        {(known) => (
          <>
            {known.devices.length > 0 && (
              <ul class="rows">
                {known.devices.map((device) => (
                  <li key={device.id}>
                    <Device
                      of={device}
                      name={known.people.find(({ userId }) => userId === device.userId)?.name ?? ''}
                    />
                  </li>
                ))}
              </ul>
            )}
            <Fence />
            <AddWifi />
          </>
        )}
      </Loaded>
    </Section>
  )
}

function Device({ of: { id, label, kind, state, since, address, own }, name }: { of: PresenceDevice; name: string }) {
  const task = useTask()
  const remove = () =>
    task.run(async () => {
      keep(await client.removePresenceDevice(id))
      if (fence.value?.deviceId === id) stopFence()
    })
  return (
    <>
      <Icon name="phone" />
      <span class="row-words">
        <span>{own ? label : `${label} · ${name}`}</span>
        <span class="quiet">
          {words.states[state]} {since !== null && <Age at={since} />} · {address ?? words.kinds[kind]}
        </span>
        {task.error.value && <ErrorNote error={task.error.value} />}
      </span>
      <IconButton icon="trash" label={words.removePhone(label)} onPress={() => void remove()} />
    </>
  )
}

function AddWifi() {
  const label = useSignal('')
  const address = useSignal('')
  const task = useTask()
  const add = () =>
    task.run(async () => {
      keep(await client.addPresenceDevice({ kind: 'wifi', label: label.value.trim(), address: address.value.trim() }))
      label.value = ''
      address.value = ''
    })
  return (
    <details class="fold">
      <summary>{words.addWifi}</summary>
      <TaskForm task={task} send={words.add} look="plain" wide={false} onSubmit={() => void add()}>
        <Field label={words.label} value={label.value} maxLength={64} onInput={(value) => (label.value = value)} />
        <Field
          label={words.address}
          hint={words.addressHint}
          value={address.value}
          maxLength={64}
          inputMode="numeric"
          error={task.error.value?.fields.get('address')}
          onInput={(value) => (address.value = value)}
        />
      </TaskForm>
    </details>
  )
}

/** This phone says itself when it comes and goes. Its place stays in it. */
function Fence() {
  const task = useTask()
  if (!('geolocation' in navigator)) return null
  const begin = () =>
    task.run(async () => {
      const before = fence.value
      if (before) stopFence()
      const reply = before ? null : await client.addPresenceDevice({ kind: 'geofence', label: words.fence.here })
      const deviceId = before?.deviceId ?? newestOwn(reply)
      if (reply) keep(reply)
      await startFence(deviceId)
      void devices.load()
    })
  return (
    <>
      <p class="quiet">{words.fence.text}</p>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button icon="phone" busy={task.busy.value} onPress={() => void begin()}>
        {fence.value ? words.fence.moved : words.fence.begin}
      </Button>
    </>
  )
}

/** Ids sort by time: the last one is the one that was just made. */
function newestOwn(reply: Presence | null): string {
  const own = (reply?.devices ?? []).filter((device) => device.own && device.kind === 'geofence')
  return (
    own
      .map(({ id }) => id)
      .sort()
      .at(-1) ?? ''
  )
}
