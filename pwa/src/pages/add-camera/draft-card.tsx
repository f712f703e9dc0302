import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { Note } from '../../parts/states.tsx'
import { t } from '../../text/index.ts'
import { findingWords } from '../../text/finding.ts'
import type { TestCameraReply } from '../../wire.ts'
import { sourceOfDraft, streamOf } from './draft.ts'
import type { Draft } from './draft.ts'
import type { Wizard } from './wizard.ts'

const words = findingWords.name

export interface DraftCardProps {
  draft: Draft
  inTurn: Wizard['inTurn']
  error: string | undefined
  onChange: (part: Partial<Draft>) => void
  /** null: it is the only one. */
  onLeaveOut: (() => void) | null
}

/** One new camera: what it sees, what it is called, which of its streams are used. */
export function DraftCard({ draft, inTurn, error, onChange, onLeaveOut }: DraftCardProps) {
  const { name, place, answer, candidate } = draft
  const claimed = streamOf(draft, draft.main)?.claimedHost
  return (
    <section class="draft-card" aria-label={candidate.label}>
      <Preview draft={draft} inTurn={inTurn} />
      <p class="draft-what">
        <span>{candidate.label}</span>
        <span class="quiet">{URL.parse(answer.address)?.host}</span>
      </p>
      {claimed && <p class="quiet">{words.claimed(claimed)}</p>}
      <Field
        label={words.name}
        value={name}
        maxLength={64}
        error={error}
        onInput={(value) => onChange({ name: value })}
      />
      <Field
        label={words.place}
        hint={words.placeHint}
        value={place}
        maxLength={64}
        onInput={(value) => onChange({ place: value })}
      />
      <Streams draft={draft} onChange={onChange} />
      {onLeaveOut && (
        <Button look="quiet" onPress={onLeaveOut}>
          {words.leaveOut}
        </Button>
      )}
    </section>
  )
}

function Streams({ draft, onChange }: Pick<DraftCardProps, 'draft' | 'onChange'>) {
  const { answer, main, sub } = draft
  const options = answer.streams.map(({ profile, name, width, height, codec }) => ({
    value: profile,
    label: [name, words.stream(width, height, codec)].filter((part) => part !== '').join(' · '),
  }))
  return (
    <details class="fold">
      <summary>{words.streams}</summary>
      <Select label={words.main} value={main} options={options} onChange={(value) => onChange({ main: value })} />
      <Select
        label={words.sub}
        value={sub}
        options={[{ value: '', label: words.same }, ...options]}
        onChange={(value) => onChange({ sub: value })}
      />
      {answer.tellsMotion && <p class="quiet">{words.tellsMotion}</p>}
    </details>
  )
}

type Outcome = { reply: TestCameraReply } | { failed: string } | null

/** Opens the stream that will be recorded; until then the camera's own still shows. */
function Preview({ draft, inTurn }: Pick<DraftCardProps, 'draft' | 'inTurn'>) {
  const outcome = useSignal<Outcome>(null)
  const round = useSignal(0)
  const { candidate, answer, main } = draft
  useEffect(() => {
    const stopping = new AbortController()
    outcome.value = null
    inTurn(() => client.testCamera(sourceOfDraft(draft), stopping.signal)).then(
      (reply) => (outcome.value = { reply }),
      (failure: unknown) => {
        if (!stopping.signal.aborted) outcome.value = { failed: asClientError(failure).message }
      },
    )
    return () => stopping.abort()
  }, [main, round.value])
  const reply = outcome.value && 'reply' in outcome.value ? outcome.value.reply : null
  const picture = reply?.ok ? reply.preview : answer.preview
  return (
    <div class="preview">
      {picture ? (
        <img src={picture} alt={words.preview(candidate.label)} />
      ) : (
        !outcome.value && <div class="skeleton is-picture" />
      )}
      <div role="status">
        {!outcome.value && <p class="quiet">{words.testing}</p>}
        {reply?.ok && (
          <p>{t.cameras.form.works(reply.picture.width, reply.picture.height, reply.picture.framesPerSecond)}</p>
        )}
      </div>
      {reply && !reply.ok && (
        <Note tone="problem" title={reply.problem.message}>
          <p>{t.cameras.remedies[reply.problem.reason]}</p>
        </Note>
      )}
      {outcome.value && 'failed' in outcome.value && <Note tone="problem" title={outcome.value.failed} />}
      {outcome.value && !reply?.ok && (
        <Button icon="search" onPress={() => (round.value += 1)}>
          {words.testAgain}
        </Button>
      )}
    </div>
  )
}
