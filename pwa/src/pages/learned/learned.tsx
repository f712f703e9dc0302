import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import * as client from '../../client-review.ts'
import { asClientError } from '../../client-error.ts'
import { Button } from '../../parts/button.tsx'
import { Page } from '../../parts/page.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { showFailure, showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { back } from '../../text/review.ts'
import type { Learned as LearnedKind } from '../../wire.ts'
import '../../styles/review.css'

const words = back.learned
const BACK = { href: '/incidents', label: t.incidents.title }

const titleOf = ({ class: kind, camera, part }: LearnedKind): string =>
  words.kind(t.incidents.classes[kind], camera.name, words.parts[part])

/** What marks have taught, each with its reason, and how to take that back. */
export default function Learned() {
  const learned = useMemo(() => createResource(client.readLearned, { kept: false }), [])
  const [asking, busy] = [useSignal(false), useSignal(false)]
  useResource(learned)
  const forget = async (pattern?: string): Promise<void> => {
    busy.value = true
    try {
      await client.forgetLearned(pattern)
      showToast({ tone: 'done', text: words.forgotten })
      await learned.load()
    } catch (error) {
      showFailure(asClientError(error))
    } finally {
      busy.value = false
      asking.value = false
    }
  }
  return (
    <Page title={words.title} back={BACK} class="is-reading">
      <p class="lead">{words.lead}</p>
      <Loaded of={learned} skeleton={<Skeleton shape="row" count={4} />}>
        {({ learned: list }) =>
          list.length === 0 ? (
            <Empty icon="thumb" title={words.empty.title} text={words.empty.text} />
          ) : (
            <>
              <ul class="rows learned">
                {list.map((each) => (
                  <li key={each.pattern}>
                    <span class="row-words">
                      <strong>{titleOf(each)}</strong>
                      <span>{words.points(each.points)}</span>
                      <span class="quiet">{each.words}</span>
                    </span>
                    <Button label={words.forgetThis(titleOf(each))} onPress={() => void forget(each.pattern)}>
                      {words.forget}
                    </Button>
                  </li>
                ))}
              </ul>
              <Button look="danger" onPress={() => (asking.value = true)}>
                {words.forgetAll}
              </Button>
            </>
          )
        }
      </Loaded>
      {asking.value && (
        <Ask
          title={words.ask.title}
          text={words.ask.text}
          confirm={words.forgetAll}
          busy={busy.value}
          onConfirm={() => void forget()}
          onClose={() => (asking.value = false)}
        />
      )}
    </Page>
  )
}
