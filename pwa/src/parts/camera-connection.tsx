import type { Signal } from '@preact/signals'
import { t } from '../text/index.ts'
import { asks, isEncrypted, webKind } from './camera-source.ts'
import type { CameraDraft } from './camera-source.ts'
import { Field, Select } from './field.tsx'
import { UsbCameras } from './usb-cameras.tsx'

const words = t.cameras.form

interface PartProps {
  draft: Signal<CameraDraft>
}

/** What an address needs besides itself: who signs in, which streams, how pictures come. */
export function Connection({ draft, hasPassword }: PartProps & { hasPassword: boolean }) {
  return (
    <>
      <UsbCameras draft={draft} />
      {asks(draft.value, 'web') && <Web draft={draft} />}
      {asks(draft.value, 'signIn') && <SignIn draft={draft} hasPassword={hasPassword} />}
      {isEncrypted(draft.value) && <Certificate draft={draft} />}
      {asks(draft.value, 'streams') && <Streams draft={draft} />}
    </>
  )
}

function SignIn({ draft, hasPassword }: PartProps & { hasPassword: boolean }) {
  const { username, password } = draft.value
  const change = (part: Partial<CameraDraft>) => (draft.value = { ...draft.value, ...part })
  return (
    <details class="fold" open={username !== ''}>
      <summary>{words.credentials}</summary>
      <Field label={words.username} value={username} maxLength={256} onInput={(v) => change({ username: v })} />
      <Field
        label={words.password}
        type="password"
        autocomplete="off"
        value={password}
        maxLength={256}
        hint={hasPassword ? words.passwordKept : undefined}
        onInput={(v) => change({ password: v })}
      />
    </details>
  )
}

function Streams({ draft }: PartProps) {
  const { transport, subAddress = '' } = draft.value
  const change = (part: Partial<CameraDraft>) => (draft.value = { ...draft.value, ...part })
  return (
    <details class="fold" open={subAddress !== ''}>
      <summary>{words.expert}</summary>
      <Field
        label={words.subAddress}
        hint={words.subAddressHint}
        value={subAddress}
        inputMode="url"
        maxLength={2_000}
        onInput={(v) => change({ subAddress: v })}
      />
      {!isEncrypted(draft.value) && (
        <Select
          label={words.transport}
          hint={words.transportHint}
          value={transport}
          options={[
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
          ]}
          onChange={(v) => change({ transport: v === 'udp' ? 'udp' : 'tcp' })}
        />
      )}
    </details>
  )
}

function Web({ draft }: PartProps) {
  return (
    <Select
      label={words.web}
      hint={words.webHint}
      value={webKind(draft.value)}
      options={[
        { value: 'mjpeg', label: words.webKinds.mjpeg },
        { value: 'still', label: words.webKinds.still },
      ]}
      onChange={(v) => (draft.value = { ...draft.value, web: v === 'still' ? 'still' : 'mjpeg' })}
    />
  )
}

function Certificate({ draft }: PartProps) {
  const { anyCertificate = false } = draft.value
  return (
    <Select
      label={words.certificate}
      hint={words.certificateHint}
      value={anyCertificate ? 'any' : 'known'}
      options={[
        { value: 'known', label: words.certificates.known },
        { value: 'any', label: words.certificates.any },
      ]}
      onChange={(v) => (draft.value = { ...draft.value, anyCertificate: v === 'any' })}
    />
  )
}
