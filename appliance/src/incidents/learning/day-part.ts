import type { DayPart } from '../../api/review.ts'

/** Six hours each, but the night is eight: what is usual at 23:00 is so at 3:00 too. */
export function dayPartOf(hour: number): DayPart {
  if (hour < 6 || hour >= 22) return 'night'
  if (hour < 12) return 'morning'
  return hour < 17 ? 'afternoon' : 'evening'
}
