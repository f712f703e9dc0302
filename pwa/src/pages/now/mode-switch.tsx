import { useComputed } from '@preact/signals'
import * as client from '../../client.ts'
import { dayAndTime } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Icon } from '../../parts/icon.tsx'
import type { IconName } from '../../parts/icon.tsx'
import { ErrorNote, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { keepMode, mode, presence } from '../../state/mode.ts'
import { nowMs } from '../../state/now.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { HomeMode, ModeState } from '../../wire.ts'
import './mode-switch.css'

const words = t.now.mode
const MODES: readonly { mode: HomeMode; icon: IconName }[] = [
  { mode: 'home', icon: 'now' },
  { mode: 'away', icon: 'away' },
  { mode: 'night', icon: 'night' },
  { mode: 'disarmed', icon: 'power' },
]

/** Home, away, night, off: one tap, taken back for ten seconds. */
export function ModeSwitch() {
  useResource(mode)
  useResource(presence)
  const task = useTask()
  const state = mode.data.value
  if (state === null && mode.error.value) return <ErrorNote error={mode.error.value} onRetry={() => void mode.load()} />
  const choose = (wanted: HomeMode, at = false) =>
    task.run(async () => {
      const before = state?.mode
      const after = await client.setMode(wanted, at)
      keepMode(after)
      if (before === undefined || after.next || after.mode === before) return
      const undo = { label: t.shell.undo, run: () => void client.setMode(before, true).then(keepMode) }
      showToast({ tone: 'done', text: words.changed(words.names[after.mode]), action: undo })
    })
  const shown = state?.next?.mode ?? state?.mode
  return (
    <section class="mode" aria-label={words.title}>
      <div class="mode-buttons" role="group" aria-label={words.title}>
        {MODES.map((each) => (
          <button
            key={each.mode}
            type="button"
            class={`mode-button is-${each.mode}`}
            aria-pressed={shown === each.mode}
            disabled={state === null || !may('modes.control')}
            onClick={() => void choose(each.mode)}
          >
            <Icon name={each.icon} />
            <span>{words.names[each.mode]}</span>
          </button>
        ))}
      </div>
      {/* Unknown is drawn as unknown, and as high as what comes. */}
      {state === null ? (
        <Skeleton shape="line" count={2} />
      ) : state.next ? (
        <Leaving next={state.next} onNow={() => void choose('away', true)} onStay={() => void choose(state.mode)} />
      ) : (
        <p class="mode-words quiet">
          {words.chosen[state.mode]} <ChosenBy state={state} />
        </p>
      )}
      <WhoIsHome />
      {task.error.value && <ErrorNote error={task.error.value} />}
    </section>
  )
}

function ChosenBy({ state: { by, since } }: { state: ModeState }) {
  if (by.cause === 'first') return null
  return <>{words.by[by.cause](by.name ?? words.somebody, dayAndTime(since, nowMs.value, timeZone.value))}.</>
}

function Leaving(of: { next: NonNullable<ModeState['next']>; onNow: () => void; onStay: () => void }) {
  const seconds = useComputed(() => Math.max(0, Math.ceil((of.next.at - nowMs.value) / 1_000)))
  return (
    <div class="mode-leaving">
      <p role="timer">{words.leaving(seconds.value)}</p>
      {may('modes.control') && (
        <div class="row-buttons">
          <Button onPress={of.onStay}>{words.stay}</Button>
          <Button onPress={of.onNow}>{words.leaveNow}</Button>
        </div>
      )}
    </div>
  )
}

function WhoIsHome() {
  const known = (presence.data.value?.people ?? []).filter(({ state }) => state !== 'unknown')
  if (known.length === 0) return null
  const names = known.filter(({ state }) => state === 'home').map(({ name }) => name)
  return (
    <p class="mode-words quiet">
      {names.length === 0 ? words.nobodyHome : words.homeNow(new Intl.ListFormat(t.locale).format(names))}
    </p>
  )
}
