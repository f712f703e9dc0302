import { asClientError } from '../client-error.ts'
import { wishPlug } from '../state/plugs.ts'
import type { ShownPlug } from '../state/plugs.ts'
import { may } from '../state/session.ts'
import { showToast } from '../state/toasts.ts'
import { t } from '../text/index.ts'
import { Toggle } from './toggle.tsx'

/** Follows the finger at once; when the plug does not, the old state comes back with the reason and another try. */
export function PlugToggle({ plug }: { plug: ShownPlug }) {
  const toggle = async (on: boolean) => {
    try {
      await wishPlug(plug, on)
    } catch (failure) {
      const error = asClientError(failure)
      const retry = { label: t.shell.retry, run: () => void toggle(on) }
      showToast({ tone: 'problem', text: `${t.plugs.failed(plug.name)} ${error.message}`, action: retry })
    }
  }
  return (
    <Toggle
      label={plug.name}
      on={plug.on}
      pending={plug.pending}
      disabledReason={may('devices.control') ? undefined : t.errors.byKind['forbidden']?.remedy}
      onToggle={(on) => void toggle(on)}
    />
  )
}
