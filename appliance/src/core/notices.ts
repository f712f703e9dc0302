/**
 * Where every part says what the owner should know; `health/` keeps the list and shows it. The same id again replaces,
 * `clear` ends it. Parts take this as a dependency, so that none of them needs to know health.
 */
export interface NoticeBoard {
  raise(notice: {
    id: string
    level: 'info' | 'warning' | 'problem'
    title: string
    detail: string
    /** Path in the app where something can be done about it. */
    link: string | null
  }): void
  clear(id: string): void
}
