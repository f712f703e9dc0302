// Whether this phone is at home, by its own place. The place is kept here and goes nowhere: the box is told in or out.
import { signal } from '@preact/signals'
import { sayPresence } from '../client-rules.ts'
import { ClientError } from '../client-error.ts'
import { rulesWords } from '../text/rules.ts'
import { FENCE_KEY, farFrom, nextSide } from './fence-rules.ts'
import type { Place } from './fence-rules.ts'

export interface Fence {
  deviceId: string
  home: Place
}

function read(): Fence | null {
  try {
    return JSON.parse(localStorage.getItem(FENCE_KEY) ?? 'null') as Fence | null
  } catch {
    return null
  }
}

export const fence = signal<Fence | null>(read())
let watching: number | null = null
let side: 'home' | 'away' | null = null

/** Home is where the phone is now. Throws when it may not know. */
export async function startFence(deviceId: string): Promise<void> {
  const home = await whereAmI()
  fence.value = { deviceId, home }
  localStorage.setItem(FENCE_KEY, JSON.stringify(fence.value))
  side = 'home'
  await sayPresence(deviceId, 'home')
  watchFence()
}

export function stopFence(): void {
  if (watching !== null) navigator.geolocation.clearWatch(watching)
  watching = null
  side = null
  fence.value = null
  localStorage.removeItem(FENCE_KEY)
}

/** As long as the app is open. */
export function watchFence(): void {
  if (watching !== null || !fence.value) return
  watching = navigator.geolocation.watchPosition(({ coords }) => void look(coords), undefined, { maximumAge: 60_000 })
}

async function look({ latitude, longitude, accuracy }: Place & { accuracy: number }): Promise<void> {
  const of = fence.value
  if (!of) return
  const next = nextSide(side, farFrom(of.home, { latitude, longitude }), accuracy)
  if (next === side || next === null) return
  side = next
  // Said again at the next step when the box is out of reach; a phone that was taken off the list stops.
  await sayPresence(of.deviceId, next).catch((error: unknown) => {
    side = null
    if (error instanceof ClientError && error.status === 404) stopFence()
  })
}

function whereAmI(): Promise<Place> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
      () => reject(new ClientError('unsupported', rulesWords.modes.fence.refused, 0)),
      { enableHighAccuracy: true, timeout: 20_000 },
    )
  })
}
