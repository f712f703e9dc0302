import type { ObjectClass } from '../../api/common.ts'
import type { HomeMode } from '../../api/risk-bands.ts'

/** Whom a scene is about: the gravest of what was seen. */
export type Subject = 'person' | 'vehicle' | 'animal'

type BySubject = Readonly<Record<Subject, number>>

export const SUBJECT_OF: Readonly<Record<ObjectClass, Subject>> = {
  ...{ person: 'person', bicycle: 'vehicle', car: 'vehicle', motorcycle: 'vehicle', bus: 'vehicle', truck: 'vehicle' },
  ...{ bird: 'animal', cat: 'animal', dog: 'animal' },
}

/**
 * Every number of the rules, in points. A scene's score is the sum of what applies, within 0–100. Chosen on the two
 * thirds of tests/bench/support/risk-scenes.txt that are not held out, and rounded to what a person can follow.
 */
export const WEIGHTS = {
  seen: {
    ...{ person: 24, truck: 15, car: 14, motorcycle: 14, bicycle: 12, bus: 8 },
    ...{ dog: 10, cat: 3, bird: 2 },
  } satisfies Record<ObjectClass, number>,
  /** For each person beyond the first, and at most in all. */
  furtherPerson: { each: 5, atMost: 15 },
  /** A vehicle that somebody got out of, or into. */
  vehicleWithPerson: 4,
  night: { person: 22, vehicle: 12, animal: 5 } satisfies BySubject,
  mode: {
    home: { person: 0, vehicle: 0, animal: 0 },
    away: { person: 20, vehicle: 10, animal: 2 },
    night: { person: 12, vehicle: 6, animal: 2 },
    disarmed: { person: -12, vehicle: -8, animal: -5 },
  } satisfies Record<HomeMode, BySubject>,
  /** Nobody is known to be home although nobody set the mode to away. */
  nobodyHome: { person: 14, vehicle: 6, animal: 0 } satisfies BySubject,
  /** Somebody is known to be home, by day. */
  somebodyHome: { person: -4, vehicle: -4, animal: -2 } satisfies BySubject,
  /** Longest first: the first that was reached counts. */
  dwell: [
    { fromS: 300, person: 18, vehicle: 12, animal: 4 },
    { fromS: 120, person: 14, vehicle: 8, animal: 3 },
    { fromS: 60, person: 10, vehicle: 5, animal: 2 },
    { fromS: 30, person: 4, vehicle: 3, animal: 0 },
  ] satisfies (BySubject & { fromS: number })[],
  unusualHour: { person: 10, vehicle: 8, animal: 5 } satisfies BySubject,
  usualHour: { person: -6, vehicle: -6, animal: -4 } satisfies BySubject,
  /** For each earlier visit within half an hour, and at most in all. */
  repeated: { each: 7, atMost: 14 },
  severalCameras: { two: 5, more: 8 },
  /** The gravest zone that was entered counts; zones of other kinds say nothing. */
  zones: { entry: 8, garden: 7, drive: 4 } as Readonly<Record<string, number>>,
  plugAlone: 8,
  plugAtHome: -3,
  expected: { household: -32, vehicle: -28, visitor: -28, animal: -12 },
  /** The detector itself was not sure. */
  unsure: -12,
  /** At most so much, up or down. */
  feedbackAtMost: 25,
} as const

/** Below this (0–1) the detector was not sure that it is what it seems. */
export const SURE_FROM = 0.6
