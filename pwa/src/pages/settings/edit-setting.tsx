import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import * as client from '../../client-people.ts'
import { asClientError } from '../../client-error.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useTask } from '../../parts/form.ts'
import { Sheet } from '../../parts/sheet.tsx'
import { ErrorNote } from '../../parts/states.tsx'
import { TextArea } from '../../parts/text-area.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { home } from '../../state/home.ts'
import { may } from '../../state/session.ts'
import { settings } from '../../state/settings.ts'
import { showFailure, showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { care } from '../../text/people.ts'
import type { SettingEntry } from '../../wire-people.ts'
import { boundWords, draftOf, editorOf, isSame, parseDraft, valueWords } from './schema.ts'
import type { Draft, Editor } from './schema.ts'

const words = care.settings

type Change = Parameters<typeof client.changeSetting>[1]

async function change(key: string, to: Change): Promise<void> {
  await client.changeSetting(key, to)
  // Some settings have neighbours that follow them, and the home's name is on every page.
  await settings.load()
  if (key.startsWith('home.')) void home.load()
}

/** Stores a change, closes, says so and offers the way back. */
function useApply({ key, secret, value, initial }: SettingEntry, onClose: () => void) {
  const task = useTask()
  const apply = async (to: Change) => {
    if (!(await task.run(() => change(key, to)))) return
    onClose()
    const back: Change = isSame(value, initial) ? { reset: true } : { value }
    const undo = () => void change(key, back).catch((error: unknown) => showFailure(asClientError(error)))
    showToast({
      tone: 'done',
      text: words.saved,
      // What a secret was before, nobody knows.
      ...(secret ? {} : { action: { label: t.shell.undo, run: undo } }),
    })
  }
  return { task, apply }
}

/** One setting, changed as its schema says, with its default one tap away. */
export function EditSetting({ of: setting, onClose }: { of: SettingEntry; onClose: () => void }) {
  const { secret, value, initial } = setting
  const editor = editorOf(setting.schema)
  const draft = useSignal<Draft>(draftOf(editor, secret ? null : value))
  const tried = useSignal(false)
  const { task, apply } = useApply(setting, onClose)
  const parsed = parseDraft(editor, draft.value)
  const editable = may('system.edit') && !(secret && editor.kind !== 'text')
  const wrong = tried.value && !parsed.ok ? parsed.words : task.error.value?.fields.get('value')
  return (
    <Sheet title={words.changeTitle} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          tried.value = true
          if (parsed.ok) void apply({ value: parsed.value })
        }}
      >
        {editable ? <Control of={setting} editor={editor} draft={draft} error={wrong} /> : <ReadOnly of={setting} />}
        {task.error.value && <ErrorNote error={task.error.value} />}
        {editable && (
          <Button type="submit" look="main" wide busy={task.busy.value}>
            {t.shell.save}
          </Button>
        )}
        {editable && !secret && !isSame(value, initial) && (
          <Button wide busy={task.busy.value} onPress={() => void apply({ reset: true })}>
            {words.backTo(valueWords(initial))}
          </Button>
        )}
        <Name of={setting} />
      </form>
    </Sheet>
  )
}

function Name({ of: { key, env } }: { of: SettingEntry }) {
  return (
    <details class="fold">
      <summary>{t.shell.details}</summary>
      <dl class="facts">
        <div>
          <dt>{words.name}</dt>
          <dd class="break">{env === null ? key : `${key}, ${env}`}</dd>
        </div>
      </dl>
    </details>
  )
}

function ReadOnly({ of: { words: what, secret, value } }: { of: SettingEntry }) {
  return (
    <>
      <p>{what}</p>
      <p class="quiet">{secret ? words.secret : valueWords(value)}</p>
      {may('system.edit') && <p class="quiet">{words.fixed}</p>}
    </>
  )
}

interface ControlProps {
  of: SettingEntry
  editor: Editor
  draft: Signal<Draft>
  error: string | undefined
}

function Control({ of: { words: what, secret, initial }, editor, draft, error }: ControlProps) {
  const text = String(draft.value)
  const put = (value: Draft) => void (draft.value = value)
  const usual = words.initial(valueWords(initial))
  switch (editor.kind) {
    case 'switch':
      return (
        <>
          <div class="switch-row">
            <span>{what}</span>
            <Toggle label={what} on={draft.value === true} onToggle={put} />
          </div>
          <p class="field-hint">{usual}</p>
        </>
      )
    case 'choice': {
      const options = editor.options.map((value) => ({ value, label: value }))
      return <Select label={what} value={text} options={options} hint={usual} onChange={put} />
    }
    case 'number': {
      const hint = [boundWords(editor.least, editor.most), usual].filter(Boolean).join('. ')
      return <Field label={what} value={text} inputMode="numeric" hint={hint} error={error} onInput={put} />
    }
    case 'text':
      return (
        <Field
          label={what}
          value={text}
          {...(secret ? { type: 'password', autocomplete: 'new-password' } : {})}
          {...(editor.most === null ? {} : { maxLength: editor.most })}
          hint={secret ? words.newSecret : usual}
          error={error}
          onInput={put}
        />
      )
    case 'lines':
    case 'json':
      return (
        <TextArea
          label={what}
          value={text}
          hint={editor.kind === 'lines' ? `${words.lines}. ${usual}` : usual}
          error={error}
          onInput={put}
        />
      )
  }
}
