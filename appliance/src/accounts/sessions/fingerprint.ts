/** Most specific first: nearly every browser also says Chrome, Safari and Mozilla. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/(Headless)?Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\/|AppleWebKit\//, 'Safari'],
]

/** Families that “request desktop site” swaps count as one: an iPhone then says Macintosh, an Android phone says Linux. */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/iPhone|iPad|iPod|Macintosh|Mac OS X/, 'Apple'],
  [/Android|Linux|X11/, 'Linux'],
]

const firstOf = (table: readonly (readonly [RegExp, string])[], text: string): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1]

/**
 * Family of browser and system, without versions: an update does not change it, another browser does (SEC-A8). Of
 * programs, the name before the first slash.
 */
export function fingerprintOf(userAgent: string): string {
  const browser = firstOf(BROWSERS, userAgent) ?? /^[\w .-]{1,32}/.exec(userAgent.split('/')[0] ?? '')?.[0]?.trim()
  return `${browser ?? 'unknown'} on ${firstOf(SYSTEMS, userAgent) ?? 'unknown'}`
}
