import { useEffect } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { FactList, type Fact } from '../../parts/fact-list.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import * as client from '../../client-network.ts'
import { network } from '../../state/network.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { net as words } from '../../text/network.ts'
import type { NetworkState } from '../../wire-network.ts'
import { JoinForm } from './join-form.tsx'
import { strengthWords } from './strength.ts'

const AGAIN_MS = 3_000

export default function Network() {
  useResource(network)
  const joining = network.data.value?.joining ?? null
  // While it joins the phone may lose the box: every answer that comes through again is good.
  useEffect(() => {
    if (joining === null) return undefined
    const timer = setInterval(() => void network.load(), AGAIN_MS)
    return () => clearInterval(timer)
  }, [joining])
  return (
    <Loaded of={network} skeleton={<Skeleton shape="row" count={4} />}>
      {(known) => (
        <>
          <LastJoin of={known} />
          <Section title={words.now}>
            <FactList rows={factsOf(known)} />
          </Section>
          {known.wifi !== 'here' && (
            <Note tone="info" title={words[known.wifi].title}>
              <p>{words[known.wifi].text}</p>
            </Note>
          )}
          {known.wifi === 'here' && may('system.edit') && known.joining === null && (
            <>
              <JoinForm key={known.current?.ssid} country={known.country} />
              {known.known !== null && known.wired && <Forget />}
            </>
          )}
        </>
      )}
    </Loaded>
  )
}

function factsOf({ wifi, wired, known, current, addresses }: NetworkState): Fact[] {
  const inIt = current && words.inIt(current.ssid, strengthWords(current.strength))
  const wifiWords = inIt ?? (known === null ? words.noWifi : words.notIn(known))
  return [
    [words.cable, wired === null ? null : wired ? words.cableStates.works : words.cableStates.none],
    [words.wifi, wifi === 'here' ? wifiWords : null],
    [words.addresses, addresses.length > 0 ? addresses.join(', ') : null],
  ]
}

function LastJoin({ of: { joining, lastJoin, current } }: { of: NetworkState }) {
  if (joining !== null)
    return (
      <div role="status">
        <Note tone="info" title={words.joining(joining)}>
          <p>{words.joiningText}</p>
        </Note>
      </div>
    )
  if (lastJoin === null) return null
  const { ssid, failure } = lastJoin
  if (failure !== null)
    return (
      <div role="alert">
        <Note tone="problem" title={words.failures[failure](ssid)}>
          <p>{words.stayed}</p>
        </Note>
      </div>
    )
  return current?.ssid === ssid ? (
    <div role="status">
      <Note tone="good" title={words.joined(ssid)} />
    </div>
  ) : null
}

function Forget() {
  const task = useTask()
  const forget = () =>
    task.run(async () => {
      const now = await client.forgetWifi()
      network.patch(() => now)
      showToast({ tone: 'done', text: words.forgotten })
    })
  return (
    <Section title={words.forget}>
      <p class="quiet">{words.forgetText}</p>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button look="danger" icon="trash" busy={task.busy.value} onPress={() => void forget()}>
        {words.forget}
      </Button>
    </Section>
  )
}
