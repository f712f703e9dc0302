import type { UpdateOutcome } from '../api/updates.ts'
import type { Audit } from '../audit/types.ts'
import type { Database } from '../db/database.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { UpdateKeeper } from './keeper.ts'

const NOTICE = 'updates.rolled-back'

export interface NewsDeps {
  keeper: UpdateKeeper
  database: Database
  audit: Pick<Audit, 'record'>
  notices: NoticeBoard
}

/** What came of an update: into the record once, and before the owner's eyes until they put it away. */
export function createNews({ keeper, database, audit, notices }: NewsDeps) {
  async function record({ outcome, from, to, reason, lost }: UpdateOutcome): Promise<void> {
    const isDone = outcome === 'done'
    await database.transaction((trx) =>
      audit.record(trx, {
        type: isDone ? 'update_done' : 'update_rolled_back',
        ...(!isDone && { severity: 'ERROR' as const }),
        ...{ resource: 'box', details: { from, to, reason, lost } },
      }),
    )
    // Good news is in the history; only bad news waits for somebody.
    await keeper.change(isDone ? { news: null, newsRecorded: true } : { newsRecorded: true })
  }

  return {
    async tell(): Promise<void> {
      const { news, newsRecorded } = keeper.record()
      if (!news) return
      if (!newsRecorded) await record(news)
      if (news.outcome !== 'done') notices.raise(noticeOf(news))
    },
    async putAway(): Promise<void> {
      notices.clear(NOTICE)
      const { phase } = keeper.record()
      const isOver = phase === 'done' || phase === 'rolled-back'
      await keeper.change({ news: null, problem: null, ...(isOver && { phase: 'idle' as const }) })
    },
  }
}

function noticeOf({ from, to, reason, lost }: UpdateOutcome): Parameters<NoticeBoard['raise']>[0] {
  const detail = [`${from} runs again.`, reason, lost].filter(Boolean).join(' ')
  return { id: NOTICE, level: 'problem', title: `Update ${to} did not prove itself`, detail, link: '/more/updates' }
}
