// Dangerous acts need a second factor given within the last minutes (SEC-A14). Whoever calls the box need not know: the
// call waits while the person shows that it is them, and is then repeated.
import { signal } from '@preact/signals'

/** Set while the sheet is asked for; called once with what came of it. */
export const sudoAsked = signal<((confirmed: boolean) => void) | null>(null)

let asking: Promise<boolean> | null = null

/** Opens the sheet, one for all calls that wait. True when the box has accepted the factor. */
export function askForSudo(): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    sudoAsked.value = (confirmed) => {
      sudoAsked.value = null
      asking = null
      resolve(confirmed)
    }
  })
  return asking
}
