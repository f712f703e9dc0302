import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import * as client from '../../client-remote-access.ts'
import { Check } from '../../parts/check.tsx'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { OnceSheet } from '../../parts/once.tsx'
import { Qr } from '../../parts/qr.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { remoteAccess } from '../../state/remote-access.ts'
import { remoteWords as words } from '../../text/remote-access.ts'
import type { AddPeerReply, RemoteReach } from '../../wire-remote-access.ts'

const REACHES = ['box', 'home'] as const

export function AddPhone({ openAt, onClose }: { openAt: string | null; onClose: () => void }) {
  const made = useSignal<AddPeerReply | null>(null)
  if (made.value) return <Made of={made.value} openAt={openAt} onClose={onClose} />
  return (
    <Sheet title={words.addForm.title} onClose={onClose}>
      <Form
        onMade={(reply) => {
          made.value = reply
          void remoteAccess.load()
        }}
      />
    </Sheet>
  )
}

function Form({ onMade }: { onMade: (made: AddPeerReply) => void }) {
  const group = useId()
  const name = useSignal('')
  const reach = useSignal<RemoteReach>('box')
  const tried = useSignal(false)
  const task = useTask()
  const isMissing = name.value.trim() === ''
  const save = async () => {
    tried.value = true
    if (isMissing) return
    await task.run(async () => onMade(await client.addPeer({ name: name.value.trim(), reach: reach.value })))
  }
  return (
    <TaskForm task={task} send={words.addForm.make} onSubmit={() => void save()}>
      <Field
        label={words.addForm.name}
        hint={words.addForm.hint}
        value={name.value}
        maxLength={40}
        error={tried.value && isMissing ? words.addForm.missing : undefined}
        onInput={(value) => (name.value = value)}
      />
      <fieldset class="fieldset">
        <legend>{words.reach.legend}</legend>
        <div class="checks">
          {REACHES.map((each) => (
            <Check
              key={each}
              kind="radio"
              name={group}
              label={words.reach[each].label}
              hint={words.reach[each].hint}
              checked={reach.value === each}
              onChange={() => (reach.value = each)}
            />
          ))}
        </div>
      </fieldset>
    </TaskForm>
  )
}

/** Picture and text of the phone's configuration, once. */
function Made({
  of: { peer, config },
  openAt,
  onClose,
}: {
  of: AddPeerReply
  openAt: string | null
  onClose: () => void
}) {
  const text = words.made
  return (
    <OnceSheet
      title={text.title(peer.name)}
      lead={text.lead}
      label={text.label}
      secret={config}
      onClose={onClose}
      before={
        <>
          <Qr text={config} label={text.qr} />
          {openAt !== null && <p class="quiet">{text.after(openAt)}</p>}
        </>
      }
    />
  )
}
