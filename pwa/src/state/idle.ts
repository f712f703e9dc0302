// Whether somebody is there. A session that nobody uses ends (SEC-A8), and only a touch counts as use.

/** Not touched for this long, what the app asks for is not asked by a person. */
const UNTOUCHED_MS = 60_000
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

let touchedAt = Date.now()
let onTouched: () => void = () => undefined

export function isUntouched(): boolean {
  return document.visibilityState !== 'visible' || Date.now() - touchedAt > UNTOUCHED_MS
}

/** Calls `touched` on every touch, key or turn to the app. Cheap: it may be called a hundred times a second. */
export function watchTouches(touched: () => void): void {
  onTouched = touched
  for (const name of TOUCHES) addEventListener(name, touch, { passive: true, capture: true })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') touch()
  })
}

function touch(): void {
  touchedAt = Date.now()
  onTouched()
}
