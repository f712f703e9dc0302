import type { DetectorStatus, Notice } from '../api/system.ts'

/** The part of health/ that vision needs; main.ts hands it in. */
export interface NoticeBoard {
  raise(notice: Omit<Notice, 'since'>): void
  clear(id: string): void
}

const ID = 'vision.detector'
const LINK = '/more/hardware'

/** Tells the owner when nothing is detected, or another model than the wanted one is at work. */
export function detectorNotice(notices: NoticeBoard, { state, problem }: DetectorStatus): void {
  if (state === 'failed') {
    const detail = `${problem ?? ''} Lares keeps trying.`.trim()
    notices.raise({ id: ID, level: 'problem', title: 'Nothing is being detected', detail, link: LINK })
  } else if (state === 'ready' && problem) {
    const title = 'The chosen model cannot be used'
    notices.raise({ id: ID, level: 'warning', title, detail: problem, link: LINK })
  } else if (state === 'ready') notices.clear(ID)
}
