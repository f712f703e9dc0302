import type { WaitingPlug } from '../api/plugs.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Encryption } from './transports/types.ts'

export interface PlugNotices {
  /** After a firmware update, mostly: it goes on, and the owner knows why it may look different. */
  schemeChanged(plug: { id: string; name: string; mac: string }, from: Encryption, to: Encryption): void
  /** What answered a call and could not be added. */
  waiting(waiting: readonly WaitingPlug[]): void
}

const NAMES: Readonly<Record<Encryption, string>> = {
  xor: 'the old open way',
  klap: 'KLAP, with your account',
  tpap: 'TPAP, with your account',
  aes: 'AES, with your account',
}

export function createPlugNotices(notices: NoticeBoard): PlugNotices {
  return {
    schemeChanged({ id, name, mac }, from, to) {
      notices.raise({
        id: `plug-scheme:${mac}`,
        level: 'info',
        title: `${name} speaks another way now`,
        detail:
          `It spoke ${NAMES[from]} and now speaks ${NAMES[to]}, probably after an update of its firmware. ` +
          'Lares follows by itself; nothing is to be done.',
        link: `/plugs/${id}`,
      })
    },
    waiting(waiting) {
      const locked = waiting.filter(({ wantsAccount }) => wantsAccount)
      if (locked.length === 0) return notices.clear('plugs-want-account')
      const count = locked.length === 1 ? 'A plug asks' : `${locked.length} plugs ask`
      notices.raise({
        id: 'plugs-want-account',
        level: 'info',
        title: `${count} for your TP-Link account`,
        detail: 'Newer plugs let in only who knows the account they were set up with, also inside the house.',
        link: '/plugs/add',
      })
    },
  }
}
