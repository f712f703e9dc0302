// In or out of the home, by how far away.
export interface Place {
  latitude: number
  longitude: number
}

/** Where this phone keeps its home. */
export const FENCE_KEY = 'lares-fence'
export const hasFence = (): boolean => localStorage.getItem(FENCE_KEY) !== null

const EARTH_M = 6_371_000
const IN_M = 150
/** Between in and out lies a gap: places waver. */
const OUT_M = 300

/** Metres between two places, as the crow flies. */
export function farFrom(a: Place, b: Place): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const across = rad(b.longitude - a.longitude) * Math.cos(rad((a.latitude + b.latitude) / 2))
  return EARTH_M * Math.hypot(rad(b.latitude - a.latitude), across)
}

/** Which side of the fence; the one before while it is not certain. */
export function nextSide(before: 'home' | 'away' | null, metres: number, accuracyM: number): 'home' | 'away' | null {
  if (metres - accuracyM > OUT_M) return 'away'
  if (metres < IN_M + Math.min(accuracyM, IN_M)) return 'home'
  return before
}
