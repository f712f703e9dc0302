import * as client from '../../client.ts'
import { Age } from '../../parts/age.tsx'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import { ErrorNote, Loaded, Skeleton } from '../../parts/states.tsx'
import { phoneName } from '../../state/push.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { Session } from '../../wire.ts'

const words = t.more.account
const sessions = createResource(async () => (await client.readSessions()).sessions)

export function Sessions() {
  useResource(sessions)
  const task = useTask()
  const end = (id: string) =>
    task.run(async () => {
      await client.endSession(id)
      sessions.patch((list) => list.filter((each) => each.id !== id))
      showToast({ tone: 'done', text: words.ended })
    })
  return (
    <>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Loaded of={sessions} skeleton={<Skeleton shape="row" count={2} />}>
        {(list) => (
          <ul class="rows">
            {list.map((session) => (
              <li key={session.id}>
                <OneSession session={session} onEnd={() => void end(session.id)} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}

function OneSession({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const name = phoneName(session.userAgent)
  return (
    <>
      <Icon name="phone" />
      <span class="row-words">
        <span>{name}</span>
        <span class="quiet">
          {session.current ? words.thisOne : <Age at={session.lastSeenAt} say={words.lastSeen} />}
          {' · '}
          {session.address}
        </span>
      </span>
      {!session.current && (
        <Button label={words.endOf(name)} onPress={onEnd}>
          {words.end}
        </Button>
      )}
    </>
  )
}
