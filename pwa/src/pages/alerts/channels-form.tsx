import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import * as client from '../../client-alerts.ts'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { CopyButton } from '../../parts/once.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { Note } from '../../parts/states.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { TextArea } from '../../parts/text-area.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { people } from '../../state/people.ts'
import { me } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { delivery } from '../../text/delivery.ts'
import type { AlertChannel } from '../../wire-alerts.ts'
import { bodyOf, draftOf, newKey, USUAL_PORTS } from './channels-draft.ts'
import type { ChannelDraft } from './channels-draft.ts'

const words = delivery.channels

/** What every form of a channel works with. */
interface FormProps<Draft> {
  draft: Draft
  put: (change: Partial<Draft>) => void
  errorOf: (field: string) => string | undefined
  /** The field of password, key or token. */
  secret: ComponentChildren
}

export function EditChannel({
  of: channel,
  onClose,
  onSaved,
}: {
  of: AlertChannel
  onClose: () => void
  onSaved: () => void
}) {
  const { id, hasSecret } = channel
  const name = words.names[id]
  const draft = useSignal(draftOf(channel))
  const enabled = useSignal(channel.settings === null || channel.enabled)
  const secret = useSignal('')
  const task = useTask()
  const errorOf = (field: string) => task.error.value?.fields.get(field)
  const save = () =>
    task.run(async () => {
      await client.changeChannel(id, bodyOf(id, draft.value, enabled.value, secret.value))
      onSaved()
      onClose()
      showToast({ tone: 'done', text: words.saved(name) })
    })
  const put = (change: Partial<ChannelDraft>) => (draft.value = { ...draft.value, ...change } as ChannelDraft)
  const props = {
    ...{ put, errorOf },
    secret: (
      <SecretField
        id={id}
        stored={hasSecret}
        value={secret.value}
        error={errorOf('secret')}
        onInput={(value) => (secret.value = value)}
      />
    ),
  }
  return (
    <Sheet title={name} onClose={onClose}>
      <TaskForm task={task} send={words.save} onSubmit={() => void save()}>
        <Use id={id} on={enabled.value} onToggle={(on) => (enabled.value = on)} />
        {id === 'email' && <EmailForm {...props} draft={draft.value as ChannelDraft<'email'>} />}
        {id === 'webhook' && <WebhookForm {...props} draft={draft.value as ChannelDraft<'webhook'>} />}
        {id === 'ntfy' && <NtfyForm {...props} draft={draft.value as ChannelDraft<'ntfy'>} />}
        {id === 'mqtt' && <MqttForm {...props} draft={draft.value as ChannelDraft<'mqtt'>} />}
        <Advanced {...props} id={id} draft={draft.value} />
      </TaskForm>
    </Sheet>
  )
}

function Use({ id, on, onToggle }: { id: AlertChannel['id']; on: boolean; onToggle: (on: boolean) => void }) {
  const label = words.use(words.names[id])
  return (
    <>
      <div class="switch-row">
        <span>{label}</span>
        <Toggle label={label} on={on} onToggle={onToggle} />
      </div>
      <Note tone="info">
        <p>{id === 'email' ? words.leaves : `${words.everything} ${id === 'mqtt' ? '' : words.leaves}`}</p>
      </Note>
    </>
  )
}

interface AdvancedProps extends Omit<FormProps<ChannelDraft>, 'secret'> {
  id: AlertChannel['id']
}

/** What few need. */
function Advanced({ id, draft, put, errorOf }: AdvancedProps) {
  return (
    <details class="fold">
      <summary>{words.advanced}</summary>
      <div class="form">
        {id === 'mqtt' && <MqttPlaces draft={draft as ChannelDraft<'mqtt'>} put={put} errorOf={errorOf} />}
        <TextArea
          label={words.ca}
          hint={words.caHint}
          value={draft.ca}
          error={errorOf('ca')}
          onInput={(ca) => put({ ca })}
        />
      </div>
    </details>
  )
}

const SECRET_LABELS = {
  email: words.email.password,
  webhook: words.webhook.key,
  ntfy: words.ntfy.token,
  mqtt: words.mqtt.password,
}

interface SecretFieldProps {
  id: AlertChannel['id']
  stored: boolean
  value: string
  error: string | undefined
  onInput: (value: string) => void
}

function SecretField({ id, stored, value, error, onInput }: SecretFieldProps) {
  const made = useSignal(false)
  const hint = stored ? words.keepSecret : id === 'webhook' ? words.webhook.keyHint : undefined
  return (
    <>
      <Field
        label={SECRET_LABELS[id]}
        type={made.value ? 'text' : 'password'}
        autocomplete="new-password"
        value={value}
        error={error}
        onInput={onInput}
        {...(hint === undefined ? {} : { hint: made.value ? words.webhook.copy : hint })}
      />
      {id === 'webhook' && (
        <div class="row-buttons">
          <Button
            icon="key"
            onPress={() => {
              made.value = true
              onInput(newKey())
            }}
          >
            {words.webhook.makeKey}
          </Button>
          {made.value && <CopyButton text={value} />}
        </div>
      )}
    </>
  )
}

function EmailForm({ draft, put, errorOf, secret }: FormProps<ChannelDraft<'email'>>) {
  const text = words.email
  return (
    <>
      <Field
        label={text.host}
        hint={text.hostHint}
        inputMode="url"
        value={draft.host}
        error={errorOf('host')}
        onInput={(host) => put({ host })}
      />
      <Select
        label={text.security}
        value={draft.security}
        options={(['tls', 'starttls'] as const).map((value) => ({ value, label: text.securities[value] }))}
        onChange={(value) => {
          const security = value === 'tls' ? 'tls' : 'starttls'
          put({ security, port: USUAL_PORTS[security] })
        }}
      />
      <Field
        label={text.port}
        inputMode="numeric"
        value={draft.port}
        error={errorOf('port')}
        onInput={(port) => put({ port })}
      />
      <Field label={text.username} value={draft.username} onInput={(username) => put({ username })} />
      {secret}
      <Field
        label={text.from}
        hint={text.fromHint}
        value={draft.from}
        error={errorOf('from')}
        onInput={(from) => put({ from })}
      />
      <Recipients draft={draft} put={put} error={errorOf('to')} />
    </>
  )
}

function Recipients({
  draft: { to },
  put,
  error,
}: Pick<FormProps<ChannelDraft<'email'>>, 'draft' | 'put'> & { error: string | undefined }) {
  const text = words.email
  const known = people.data.value ?? (me.value ? [me.value.user] : [])
  return (
    <fieldset class="fieldset">
      <legend>{text.to}</legend>
      <div class="form">
        {known.map(({ id, displayName }) => (
          <Field
            key={id}
            label={text.addressOf(displayName)}
            hint={text.addressHint}
            value={to[id] ?? ''}
            onInput={(address) => put({ to: { ...to, [id]: address } })}
          />
        ))}
      </div>
      {error && (
        <p class="field-error" role="alert">
          {text.nobody}
        </p>
      )}
    </fieldset>
  )
}

function WebhookForm({ draft, put, errorOf, secret }: FormProps<ChannelDraft<'webhook'>>) {
  const text = words.webhook
  return (
    <>
      <Field
        label={text.url}
        hint={text.urlHint}
        inputMode="url"
        value={draft.url}
        error={errorOf('url')}
        onInput={(url) => put({ url })}
      />
      <div class="checks">
        <Check label={words.allowHome} checked={draft.allowHome} onChange={(allowHome) => put({ allowHome })} />
      </div>
      {secret}
    </>
  )
}

function NtfyForm({ draft, put, errorOf, secret }: FormProps<ChannelDraft<'ntfy'>>) {
  const text = words.ntfy
  return (
    <>
      <Field
        label={text.server}
        inputMode="url"
        value={draft.server}
        error={errorOf('server')}
        onInput={(server) => put({ server })}
      />
      <div class="checks">
        <Check label={words.allowHome} checked={draft.allowHome} onChange={(allowHome) => put({ allowHome })} />
      </div>
      <Field
        label={text.topic}
        hint={text.topicHint}
        value={draft.topic}
        error={errorOf('topic')}
        onInput={(topic) => put({ topic })}
      />
      {secret}
    </>
  )
}

function MqttForm({ draft, put, errorOf, secret }: FormProps<ChannelDraft<'mqtt'>>) {
  const text = words.mqtt
  return (
    <>
      <Field
        label={text.url}
        hint={text.urlHint}
        inputMode="url"
        value={draft.url}
        error={errorOf('url')}
        onInput={(url) => put({ url })}
      />
      <Field label={text.username} value={draft.username} onInput={(username) => put({ username })} />
      {secret}
      <div class="checks">
        <Check label={text.discovery} checked={draft.discovery} onChange={(discovery) => put({ discovery })} />
        <Check
          label={text.allowControl}
          hint={text.allowControlHint}
          checked={draft.allowControl}
          onChange={(allowControl) => put({ allowControl })}
        />
      </div>
    </>
  )
}

function MqttPlaces({ draft, put, errorOf }: Omit<FormProps<ChannelDraft<'mqtt'>>, 'secret'>) {
  const text = words.mqtt
  return (
    <>
      <Field label={text.prefix} value={draft.prefix} error={errorOf('prefix')} onInput={(prefix) => put({ prefix })} />
      <Field
        label={text.discoveryPrefix}
        value={draft.discoveryPrefix}
        error={errorOf('discoveryPrefix')}
        onInput={(discoveryPrefix) => put({ discoveryPrefix })}
      />
    </>
  )
}
