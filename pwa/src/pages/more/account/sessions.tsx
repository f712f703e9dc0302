import { useSignal } from '@preact/signals'
import * as client from '../../../client.ts'
import { Age } from '../../../parts/age.tsx'
import { Button } from '../../../parts/button.tsx'
import { useTask } from '../../../parts/form.ts'
import type { Task } from '../../../parts/form.ts'
import { Icon } from '../../../parts/icon.tsx'
import { Ask } from '../../../parts/sheet.tsx'
import { ErrorNote, Loaded, Skeleton } from '../../../parts/states.tsx'
import { Toggle } from '../../../parts/toggle.tsx'
import { phoneName } from '../../../state/push.ts'
import { createResource, useResource } from '../../../state/resource.ts'
import { checkSession } from '../../../state/session.ts'
import { showToast } from '../../../state/toasts.ts'
import { own } from '../../../text/account.ts'
import type { Session } from '../../../wire.ts'

const words = own.account
const sessions = createResource(async () => (await client.readSessions()).sessions)

/** Every phone and browser where one is signed in; this one first. */
export function Sessions() {
  useResource(sessions)
  const task = useTask()
  const asks = useSignal(false)
  const endOthers = async () => {
    await task.run(async () => {
      await client.endOtherSessions()
      sessions.patch((list) => list.filter(({ current }) => current))
      showToast({ tone: 'done', text: words.endedOthers })
    })
    asks.value = false
  }
  return (
    <>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Loaded of={sessions} skeleton={<Skeleton shape="row" count={2} />}>
        {(list) => (
          <>
            <ul class="rows">
              {list
                .toSorted((a, b) => Number(b.current) - Number(a.current) || b.lastSeenAt - a.lastSeenAt)
                .map((session) => (
                  <li key={session.id} class="phone">
                    <OneSession session={session} task={task} />
                  </li>
                ))}
            </ul>
            {list.length > 1 && <Button onPress={() => (asks.value = true)}>{words.endOthers}</Button>}
          </>
        )}
      </Loaded>
      {asks.value && (
        <Ask
          title={words.endOthersAsk}
          text={words.endOthersText}
          confirm={words.endOthers}
          busy={task.busy.value}
          onConfirm={() => void endOthers()}
          onClose={() => (asks.value = false)}
        />
      )}
    </>
  )
}

function OneSession({ session, task }: { session: Session; task: Task }) {
  const name = phoneName(session.userAgent)
  const { id, current, trusted } = session
  const trust = (on: boolean) =>
    task.run(async () => {
      await client.trustSession(id, on)
      sessions.patch((list) => list.map((each) => (each.id === id ? { ...each, trusted: on } : each)))
      showToast({ tone: 'done', text: on ? words.trusted(name) : words.untrusted(name) })
      if (current) await checkSession()
    })
  const end = () =>
    task.run(async () => {
      await client.endSession(id)
      sessions.patch((list) => list.filter((each) => each.id !== id))
      showToast({ tone: 'done', text: words.ended })
    })
  return (
    <>
      <div class="phone-head">
        <Icon name="phone" />
        <span class="row-words">
          <span>{name}</span>
          <span class="quiet">
            {current ? words.thisOne : <Age at={session.lastSeenAt} say={words.lastSeen} />}
            {' · '}
            {session.address}
          </span>
        </span>
        {!current && (
          <Button label={words.endOf(name)} onPress={() => void end()}>
            {words.end}
          </Button>
        )}
      </div>
      <div class="phone-own">
        <span aria-hidden="true">{words.own}</span>
        <Toggle label={words.ownOf(name)} on={trusted} onToggle={(on) => void trust(on)} />
      </div>
    </>
  )
}
