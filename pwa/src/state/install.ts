// Installing the app: Android and desktop browsers offer it through an event, iPhones through their share menu.
import { signal } from '@preact/signals'

interface InstallOffer extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>
}

export const installOffer = signal<InstallOffer | null>(null)
export const installed = signal(
  matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true,
)

/** iPadOS calls itself a Mac; only it has touch. */
export const isAppleTouch =
  /iPhone|iPad|iPod/.test(navigator.userAgent) ||
  (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1)

/** Must run before the browser makes its offer, which is soon after loading. */
export function watchInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    installOffer.value = event as InstallOffer
  })
  addEventListener('appinstalled', () => {
    installOffer.value = null
    installed.value = true
  })
}
