import type { Notice } from '../api/system.ts'

/** Where every part says what the owner should know. The same id again replaces; `clear` ends it. */
export interface Notices {
  raise(notice: Omit<Notice, 'since'>): void
  clear(id: string): void
  list(): Notice[]
}
