import { useSignal } from '@preact/signals'
import * as client from '../../client.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { CameraForm } from '../../parts/camera-form.tsx'
import { EMPTY_DRAFT, sourceOf } from '../../parts/camera-source.ts'
import { Field } from '../../parts/field.tsx'
import { keepCamera } from '../../state/cameras.ts'
import { t } from '../../text/index.ts'
import { findingWords } from '../../text/finding.ts'
import { StepHead } from './step-head.tsx'
import type { Wizard } from './wizard.ts'

const words = findingWords.address

/** For a camera that was not found: its address alone, if it speaks ONVIF. */
export function AddressStep({ wizard }: { wizard: Wizard }) {
  const host = useSignal('')
  const tried = useSignal(false)
  const ask = () => {
    tried.value = true
    const address = host.value.trim()
    if (address === '') return
    // Whoever types a stream has one already.
    if (/^(rtsps?:\/\/|\/)/i.test(address)) {
      wizard.typed.value = address
      wizard.step.value = 'stream'
    } else wizard.ask([{ address, label: address }])
  }
  return (
    <>
      <StepHead title={words.title} lead={words.lead} onBack={() => (wizard.step.value = 'look')} />
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          ask()
        }}
      >
        <Field
          label={words.host}
          hint={words.hostHint}
          value={host.value}
          maxLength={1_000}
          inputMode="url"
          error={tried.value && host.value.trim() === '' ? words.missing : undefined}
          onInput={(value) => (host.value = value)}
        />
        <Button type="submit" look="main" wide>
          {words.ask}
        </Button>
        <Button look="quiet" wide onPress={() => (wizard.step.value = 'stream')}>
          {words.whole}
        </Button>
        <ButtonLink href="/cameras/send" look="quiet">
          {t.uploads.send}
        </ButtonLink>
      </form>
    </>
  )
}

/** Any kind of source, typed as a whole. */
export function StreamStep({ wizard }: { wizard: Wizard }) {
  return (
    <>
      <StepHead title={words.title} onBack={() => (wizard.step.value = 'look')} />
      <CameraForm
        start={{ ...EMPTY_DRAFT, address: wizard.typed.value }}
        submit={t.cameras.form.addButton}
        onSubmit={async (draft) => {
          const camera = await client.createCamera({
            ...{ name: draft.name, place: draft.place.trim() },
            ...{ source: sourceOf(draft), classes: [...draft.classes] },
          })
          keepCamera(camera)
          wizard.keep(camera)
          wizard.step.value = 'done'
        }}
      />
    </>
  )
}
