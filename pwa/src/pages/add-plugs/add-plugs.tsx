import { useSignal } from '@preact/signals'
import { addPlug } from '../../client-plugs.ts'
import { AccountSheet } from '../../parts/account-sheet.tsx'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { FindPlugs } from '../../parts/find-plugs.tsx'
import { useTask } from '../../parts/form.ts'
import { Page, Section } from '../../parts/page.tsx'
import { TaskForm } from '../../parts/task-form.tsx'
import { wantsAccount } from '../../parts/wants-account.ts'
import { keepPlug } from '../../state/plugs.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { plugWords } from '../../text/plugs.ts'
import { NotAllowed } from '../more/not-allowed.tsx'
import { ScanRange } from './scan-range.tsx'

const words = plugWords.add
const BACK = { href: '/plugs', label: t.plugs.title }

/** Three ways to a new plug: by itself, by its address, by a range of addresses. */
export default function AddPlugs() {
  return (
    <Page title={words.title} back={BACK} class="is-reading">
      {may('devices.edit') ? (
        <>
          <p class="lead">{words.lead}</p>
          <Section title={words.find}>
            <FindPlugs atOnce look="main" />
          </Section>
          <Section title={words.byAddress}>
            <ByAddress />
          </Section>
          <Section title={words.byRange}>
            <ScanRange />
          </Section>
          <Help />
          <ButtonLink href="/plugs" icon="check">
            {words.done}
          </ButtonLink>
        </>
      ) : (
        <NotAllowed />
      )}
    </Page>
  )
}

function ByAddress() {
  const host = useSignal('')
  const tried = useSignal(false)
  const entering = useSignal(false)
  const task = useTask()
  const missing = tried.value && host.value.trim() === '' ? words.addressMissing : undefined
  const add = async () => {
    tried.value = true
    if (host.value.trim() === '') return
    await task.run(async () => {
      const { plugs } = await addPlug(host.value.trim())
      plugs.forEach(keepPlug)
      showToast({ tone: 'done', text: words.added(plugs.map(({ name }) => name).join(', ')) })
      host.value = ''
      tried.value = false
    })
  }
  return (
    <TaskForm
      task={task}
      send={words.add}
      look="plain"
      wide={false}
      onSubmit={() => void add()}
      after={
        wantsAccount(task.error.value?.code ?? null) && (
          <Button look="main" icon="key" onPress={() => (entering.value = true)}>
            {words.waiting.enter}
          </Button>
        )
      }
    >
      <Field
        label={words.address}
        hint={words.addressHint}
        value={host.value}
        maxLength={253}
        inputMode="url"
        error={missing ?? task.error.value?.fields.get('host')}
        onInput={(value) => (host.value = value)}
      />
      {entering.value && <AccountSheet onSaved={() => void add()} onClose={() => (entering.value = false)} />}
    </TaskForm>
  )
}

function Help() {
  return (
    <details class="fold">
      <summary>{words.help.title}</summary>
      <ul class="bullets">
        {words.help.items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </details>
  )
}
