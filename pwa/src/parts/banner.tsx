import { signal, useComputed } from '@preact/signals'
import { age } from '../format.ts'
import { nowMs } from '../state/now.ts'
import { acceptUpdate, updateReady, updating } from '../state/worker.ts'
import { lostSince } from '../stream.ts'
import { t } from '../text/index.ts'
import { Icon } from './icon.tsx'

const online = signal(navigator.onLine)
addEventListener('online', () => (online.value = true))
addEventListener('offline', () => (online.value = false))

/** A reconnect that takes less is not worth a word. */
const PATIENCE_MS = 3_000

/** What is true of the whole screen: it may be stale, or a new version waits. */
export function Banner() {
  const words = useComputed(() => {
    if (!online.value) return t.shell.offline
    const since = lostSince.value
    if (since === null || nowMs.value - since < PATIENCE_MS) return null
    return t.shell.lost(age(since, nowMs.value))
  })
  return (
    <div class="banners" role="status">
      {words.value && (
        <div class="banner">
          <Icon name="offline" />
          <p>{words.value}</p>
        </div>
      )}
      {updateReady.value && (
        <div class="banner is-update">
          <p>{updating.value ? t.shell.update.underWay : t.shell.update.text}</p>
          {!updating.value && (
            <button type="button" class="banner-action" onClick={acceptUpdate}>
              {t.shell.update.action}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
