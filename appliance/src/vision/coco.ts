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
