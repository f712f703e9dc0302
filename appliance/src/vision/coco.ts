import type { ObjectClass } from '../api/common.ts'

/** Number of classes of the COCO data set that all our models were trained on. */
export const COCO_CLASSES = 80

/** COCO class numbers (from 0) of what matters to a home. Everything else a model sees is dropped. */
const HOME_CLASSES: Readonly<Record<number, ObjectClass>> = {
  0: 'person',
  1: 'bicycle',
  2: 'car',
  3: 'motorcycle',
  5: 'bus',
  7: 'truck',
  14: 'bird',
  15: 'cat',
  16: 'dog',
}

export function homeClassOf(cocoClass: number): ObjectClass | null {
  return HOME_CLASSES[cocoClass] ?? null
}

/** What people and other data sets call the classes of a home. */
const OTHER_NAMES: Readonly<Record<string, ObjectClass>> = {
  people: 'person',
  pedestrian: 'person',
  human: 'person',
  bike: 'bicycle',
  motorbike: 'motorcycle',
  van: 'truck',
  lorry: 'truck',
}

/** COCO class number of a class by its name in any model's list, or null when it does not matter to a home. */
export function cocoClassByName(name: string): number | null {
  const plain = name.trim().toLowerCase()
  const wanted = OTHER_NAMES[plain] ?? plain
  const found = Object.entries(HOME_CLASSES).find(([, homeClass]) => homeClass === wanted)
  return found ? Number(found[0]) : null
}

/** Numbers that COCO gave out and never used. */
const UNUSED_COCO_IDS: ReadonlySet<number> = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83])
const HIGHEST_COCO_ID = 90

/** COCO's own ids, 1–90 with gaps, as the class numbers that most models count without them; -1 where there is none. */
export const COCO_ID_CLASSES: readonly number[] = countWithoutGaps()

function countWithoutGaps(): number[] {
  let next = 0
  return Array.from({ length: HIGHEST_COCO_ID + 1 }, (_, id) => (id === 0 || UNUSED_COCO_IDS.has(id) ? -1 : next++))
}

/** Classes that models mix up with each other: one thing, two names. */
const LOOKALIKES: readonly (readonly ObjectClass[])[] = [
  ['car', 'truck', 'bus'],
  ['cat', 'dog'],
  ['bicycle', 'motorcycle'],
]

export function mayBeTheSame(a: ObjectClass, b: ObjectClass): boolean {
  return a === b || LOOKALIKES.some((group) => group.includes(a) && group.includes(b))
}

/** Things that stand around for hours and matter only when they move. */
const VEHICLES: readonly ObjectClass[] = ['bicycle', 'car', 'motorcycle', 'bus', 'truck']

export function isVehicle(name: ObjectClass): boolean {
  return VEHICLES.includes(name)
}
