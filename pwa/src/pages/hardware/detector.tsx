import { clockTime } from '../../format.ts'
import { Section } from '../../parts/page.tsx'
import { Note } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { hw } from '../../text/hardware.ts'
import type { DetectorCandidate, DetectorRoom, DetectorStatus } from '../../wire-hardware.ts'

const words = hw.detector

/** What looks now, how fast, how much room is left, and everything else that was tried. */
export function Detector({ detector }: { detector: DetectorStatus }) {
  const { state, model, provider, inferenceMsP50, candidates, room, problem } = detector
  const chosen = candidates.find(({ id }) => id === provider)
  return (
    <Section title={words.title}>
      {problem && <Note tone={state === 'failed' ? 'problem' : 'warning'} title={problem} />}
      <div class={`detector is-${state}`}>
        <p class="detector-state">{words.states[state]}</p>
        {model && <p>{chosen ? words.with(model.name, chosen.title) : model.name}</p>}
        {inferenceMsP50 !== null && <p class="quiet">{words.speed(inferenceMsP50.toFixed(0))}</p>}
        {room && <Room room={room} />}
      </div>
      {candidates.length > 0 && (
        <details class="fold">
          <summary>{words.candidates}</summary>
          <dl class="facts">
            {candidates.map((each) => (
              <Candidate key={each.id} candidate={each} />
            ))}
          </dl>
        </details>
      )}
    </Section>
  )
}

function Room({ room: { camerasLeft, looksPerSecond, mostLooksPerSecond } }: { room: DetectorRoom }) {
  return (
    <p class="detector-room">
      {words.room(camerasLeft)}{' '}
      <span class="quiet">{words.busy(looksPerSecond.toFixed(1), mostLooksPerSecond.toFixed(0))}</span>
    </p>
  )
}

function Candidate({ candidate: { title, reason, state, inferenceMs, nextTryAt } }: { candidate: DetectorCandidate }) {
  return (
    <div>
      <dt>
        {title}
        <span class="quiet">{reason}</span>
        {nextTryAt !== null && <span class="quiet">{words.again(clockTime(nextTryAt, timeZone.value))}</span>}
      </dt>
      <dd>
        {words.candidateStates[state]}
        {inferenceMs !== null && ` · ${inferenceMs.toFixed(0)} ms`}
      </dd>
    </div>
  )
}
