import type { IncidentMedia } from '../../../appliance/src/incidents/types.ts'

/** For what only reads rows: there are no pictures. */
export function withoutMedia(): IncidentMedia {
  const nothing = async (): Promise<void> => undefined
  return {
    folder: { path: (name) => name, write: nothing, remove: nothing },
    encodeJpeg: async () => Buffer.alloc(0),
    isDiskLow: () => false,
    freeBytes: async () => 0,
  }
}
