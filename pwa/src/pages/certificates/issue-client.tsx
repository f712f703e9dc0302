import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../../client-certificates.ts'
import { clockTime } from '../../format.ts'
import { Field } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { OnceSheet } from '../../parts/once.tsx'
import { Qr } from '../../parts/qr.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { clients } from '../../state/certificates.ts'
import { timeZone } from '../../state/home.ts'
import { cert } from '../../text/certificates.ts'
import type { IssueClientReply } from '../../wire-certificates.ts'

const words = cert.clients

export function IssueClient({ onClose }: { onClose: () => void }) {
  const made = useSignal<IssueClientReply | null>(null)
  if (made.value) return <Made made={made.value} onClose={onClose} />
  return (
    <Sheet title={words.form.title} onClose={onClose}>
      <Form
        onMade={(reply) => {
          made.value = reply
          void clients.load()
        }}
      />
    </Sheet>
  )
}

function Form({ onMade }: { onMade: (made: IssueClientReply) => void }) {
  const name = useSignal('')
  const tried = useSignal(false)
  const task = useTask()
  const save = async () => {
    tried.value = true
    if (name.value.trim() !== '') await task.run(async () => onMade(await client.issueClient(name.value.trim())))
  }
  return (
    <TaskForm task={task} send={words.form.make} onSubmit={() => void save()}>
      <Field
        label={words.form.name}
        hint={words.form.hint}
        value={name.value}
        maxLength={40}
        error={tried.value && name.value.trim() === '' ? words.form.missing : undefined}
        onInput={(value) => (name.value = value)}
      />
    </TaskForm>
  )
}

/** Password and file, once: for this device by a download, for another one by scanning. */
function Made({ made, onClose }: { made: IssueClientReply; onClose: () => void }) {
  const { certificate, password, links, linksUntil } = made
  const text = words.made
  return (
    <OnceSheet
      title={text.title(certificate.name)}
      lead={text.lead}
      label={text.password}
      secret={password}
      onClose={onClose}
    >
      <h3>{text.scan}</h3>
      <p class="quiet">{text.until(clockTime(linksUntil, timeZone.value))}</p>
      <details class="fold" open>
        <summary>{text.ios}</summary>
        <Qr text={links.mobileconfig} label={text.ios} />
        <p class="quiet">{text.howIos}</p>
      </details>
      <details class="fold">
        <summary>{text.others}</summary>
        <Qr text={links.pkcs12} label={text.others} />
        <p class="quiet">{text.howOthers}</p>
        <Download made={made} />
      </details>
    </OnceSheet>
  )
}

/** The file on this very device, without a further request. */
function Download({ made: { certificate, pkcs12 } }: { made: IssueClientReply }) {
  const address = useSignal<string | null>(null)
  useEffect(() => {
    const bytes = Uint8Array.from(atob(pkcs12), (letter) => letter.charCodeAt(0))
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/x-pkcs12' }))
    address.value = url
    return () => URL.revokeObjectURL(url)
  }, [pkcs12])
  if (address.value === null) return null
  return (
    <a class="button is-plain" href={address.value} download={`lares-${certificate.name.replace(/[^\w-]+/g, '-')}.p12`}>
      <span>{words.made.download}</span>
    </a>
  )
}
