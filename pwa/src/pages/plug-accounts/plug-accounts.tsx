import { useSignal } from '@preact/signals'
import { removePlugAccount, readPlugAccounts, testPlugAccount } from '../../client-plugs.ts'
import { AccountSheet } from '../../parts/account-sheet.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { Empty, ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugAccount, TestPlugAccountReply } from '../../wire-plugs.ts'
import { NotAllowed } from '../more/not-allowed.tsx'

const words = plugWords.accounts
const BACK = { href: '/plugs', label: t.plugs.title }
const accounts = createResource(async () => (await readPlugAccounts()).accounts)

export default function PlugAccounts() {
  return (
    <Page title={words.title} back={BACK} class="is-reading">
      {may('devices.edit') ? <Accounts /> : <NotAllowed />}
    </Page>
  )
}

function Accounts() {
  useResource(accounts)
  const adding = useSignal(false)
  const add = (
    <Button look="main" icon="plus" onPress={() => (adding.value = true)}>
      {words.add}
    </Button>
  )
  return (
    <>
      <p class="lead">{words.lead}</p>
      <Loaded of={accounts} skeleton={<Skeleton shape="row" count={2} />}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="key" title={words.empty.title} text={words.empty.text}>
              {add}
            </Empty>
          ) : (
            <>
              <Section title={words.list}>
                <ul class="stack">
                  {list.map((account) => (
                    <li key={account.id}>
                      <Account account={account} />
                    </li>
                  ))}
                </ul>
              </Section>
              <div class="page-foot">{add}</div>
            </>
          )
        }
      </Loaded>
      {adding.value && <AccountSheet onSaved={() => void accounts.load()} onClose={() => (adding.value = false)} />}
    </>
  )
}

function Account({ account }: { account: PlugAccount }) {
  const { id, username } = account
  const tested = useSignal<TestPlugAccountReply | null>(null)
  const asking = useSignal(false)
  const testing = useTask()
  const removing = useTask()
  const test = () =>
    testing.run(async () => {
      tested.value = await testPlugAccount(id)
      await accounts.load()
    })
  const remove = async () => {
    const gone = await removing.run(async () => void (await removePlugAccount(id)))
    asking.value = false
    if (!gone) return
    accounts.patch((list) => list.filter((each) => each.id !== id))
    showToast({ tone: 'done', text: words.removeAsk.removed })
  }
  return (
    <article class="stack">
      <Row account={account} tested={tested.value} />
      <p role="status" class="quiet">
        {testing.busy.value ? words.testing : tested.value?.results.length === 0 ? words.testNone : ''}
      </p>
      {testing.error.value && <ErrorNote error={testing.error.value} />}
      {removing.error.value && <ErrorNote error={removing.error.value} />}
      <div class="row-buttons">
        <Button busy={testing.busy.value} label={`${words.test}: ${username}`} onPress={() => void test()}>
          {words.test}
        </Button>
        <Button look="danger" icon="trash" label={`${words.remove}: ${username}`} onPress={() => (asking.value = true)}>
          {words.remove}
        </Button>
      </div>
      {asking.value && (
        <Ask
          title={words.removeAsk.title(username)}
          text={words.removeAsk.text}
          confirm={words.removeAsk.confirm}
          busy={removing.busy.value}
          onConfirm={() => void remove()}
          onClose={() => (asking.value = false)}
        />
      )}
    </article>
  )
}

interface RowProps {
  account: PlugAccount
  tested: TestPlugAccountReply | null
}

/** The account, and below it who took it in the test. */
function Row({ account: { username, devices }, tested }: RowProps) {
  return (
    <ul class="rows">
      <li>
        <Icon name="key" />
        <span class="row-words">
          <span class="break">{username}</span>
          <span class="quiet">{devices === 0 ? words.unused : words.used(devices)}</span>
        </span>
      </li>
      {tested?.results.map(({ name, host, ok, problem }) => (
        <li key={host}>
          <Icon name={ok ? 'check' : 'alert'} />
          <span class="row-words">
            <span>{name}</span>
            <span class="quiet">{ok ? words.works : problem}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
