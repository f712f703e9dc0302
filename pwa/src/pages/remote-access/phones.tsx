import { useSignal } from '@preact/signals'
import * as client from '../../client-remote-access.ts'
import { age } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { Ask, Sheet } from '../../parts/sheet.tsx'
import { Empty, ErrorNote } from '../../parts/states.tsx'
import { nowMs } from '../../state/now.ts'
import { remoteAccess } from '../../state/remote-access.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { remoteWords as words } from '../../text/remote-access.ts'
import type { RemoteAccess, RemotePeer } from '../../wire-remote-access.ts'
import { AddPhone } from './add-phone.tsx'

/** The phones that may come in, each with when it last did. */
export function Phones({ of: known }: { of: RemoteAccess }) {
  const adding = useSignal(false)
  const add = may('system.edit') && (
    <Button look="main" icon="plus" onPress={() => (adding.value = true)}>
      {words.add}
    </Button>
  )
  return (
    <Section title={words.phones}>
      {known.peers.length === 0 ? (
        <Empty icon="phone" title={words.empty.title} text={words.empty.text}>
          {add}
        </Empty>
      ) : (
        <>
          <ul class="cards">
            {known.peers.map((peer) => (
              <li key={peer.id}>
                <Card of={peer} way={known.way} />
              </li>
            ))}
          </ul>
          <div class="page-foot">{add}</div>
        </>
      )}
      {adding.value && <AddPhone openAt={known.openAt[0] ?? null} onClose={() => (adding.value = false)} />}
    </Section>
  )
}

function Card({ of: peer, way }: { of: RemotePeer; way: RemoteAccess['way'] }) {
  const { name, reach, lastSeenAt, createdBy } = peer
  const asking = useSignal(false)
  const seen = lastSeenAt === null ? words.never : words.seen(age(lastSeenAt, nowMs.value))
  const known = [way === 'here' || lastSeenAt !== null ? seen : null, traffic(peer), createdBy && words.by(createdBy)]
  return (
    <article class="card">
      <header class="card-head">
        <h3>{name}</h3>
        <span class="badge">{words.reachBadge[reach]}</span>
      </header>
      <p class="quiet">{known.filter(Boolean).join(' · ')}</p>
      {may('system.edit') && (
        <div class="row-buttons">
          <Button look="danger" label={words.removeOf(name)} onPress={() => (asking.value = true)}>
            {words.remove}
          </Button>
        </div>
      )}
      {asking.value && <Remove of={peer} way={way} onClose={() => (asking.value = false)} />}
    </article>
  )
}

function traffic({ receivedBytes, sentBytes }: RemotePeer): string | null {
  if (receivedBytes === null || sentBytes === null || receivedBytes + sentBytes === 0) return null
  return words.traffic(megabytes(receivedBytes), megabytes(sentBytes))
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`

interface RemoveProps {
  of: RemotePeer
  way: RemoteAccess['way']
  onClose: () => void
}

function Remove({ of: { id, name }, way, onClose }: RemoveProps) {
  const ask = words.removeAsk
  const task = useTask()
  const remove = async () => {
    const done = await task.run(async () => {
      const now = await client.removePeer(id)
      remoteAccess.patch(() => now)
    })
    if (!done) return
    onClose()
    showToast({ tone: 'done', text: ask.done(name) })
  }
  if (task.error.value) {
    return (
      <Sheet title={ask.title(name)} onClose={onClose}>
        <ErrorNote error={task.error.value} />
      </Sheet>
    )
  }
  return (
    <Ask
      title={ask.title(name)}
      text={way === 'here' ? ask.text : ask.textElsewhere}
      confirm={ask.confirm}
      busy={task.busy.value}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  )
}
