export const DEVICES = ['ios', 'android', 'windows', 'macos', 'linux'] as const
export type Device = (typeof DEVICES)[number]

/** The kind of device that a browser says it runs on; null when it says nothing known. */
export function deviceOf(userAgent: string): Device | null {
  // Order matters: Android says Linux too, and iPads of today say Macintosh (their steps are linked from there).
  const signs: readonly (readonly [RegExp, Device])[] = [
    [/iPhone|iPad|iPod/, 'ios'],
    [/Android/, 'android'],
    [/Windows/, 'windows'],
    [/Macintosh|Mac OS X/, 'macos'],
    [/Linux|X11|CrOS/, 'linux'],
  ]
  return signs.find(([sign]) => sign.test(userAgent))?.[1] ?? null
}
