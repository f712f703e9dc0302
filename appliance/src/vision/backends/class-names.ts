import type { ObjectClass } from '../../api/common.ts'

/** Names that other detectors give to what matters to a home. Everything else they see is dropped. */
const NAMES: Readonly<Record<string, ObjectClass>> = {
  ...{ person: 'person', human: 'person', pedestrian: 'person', people: 'person' },
  ...{ bicycle: 'bicycle', bike: 'bicycle', car: 'car', motorcycle: 'motorcycle', motorbike: 'motorcycle' },
  ...{ bus: 'bus', truck: 'truck', bird: 'bird', cat: 'cat', dog: 'dog' },
}

export function classOfName(name: string): ObjectClass | null {
  const key = name.trim().toLowerCase()
  return Object.hasOwn(NAMES, key) ? (NAMES[key] as ObjectClass) : null
}
