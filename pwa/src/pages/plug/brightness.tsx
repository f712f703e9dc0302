import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { setBrightness } from '../../client-plugs.ts'
import { asClientError } from '../../client-error.ts'
import { keepPlug } from '../../state/plugs.ts'
import { may } from '../../state/session.ts'
import { showFailure } from '../../state/toasts.ts'
import { plugWords } from '../../text/plugs.ts'
import type { Plug } from '../../wire.ts'

const words = plugWords.page

/** Follows the finger; the plug is told when the finger lets go. What it does not take goes back. */
export function Brightness({ plug }: { plug: Plug }) {
  const id = useId()
  const wish = useSignal<number | null>(null)
  const shown = wish.value ?? plug.brightness ?? 100
  const set = async (value: number) => {
    wish.value = value
    try {
      keepPlug(await setBrightness(plug.id, value))
    } catch (failure) {
      showFailure(asClientError(failure))
    } finally {
      wish.value = null
    }
  }
  return (
    <div class="slider">
      <label for={id}>
        {words.brightness} <output for={id}>{words.percent(shown)}</output>
      </label>
      <input
        id={id}
        type="range"
        min={1}
        max={100}
        value={shown}
        aria-valuetext={words.percent(shown)}
        disabled={!may('devices.control')}
        onInput={(event) => (wish.value = event.currentTarget.valueAsNumber)}
        onChange={(event) => void set(event.currentTarget.valueAsNumber)}
      />
    </div>
  )
}
