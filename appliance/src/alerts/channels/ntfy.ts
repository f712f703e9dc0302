import type { NtfySettings } from '../../api/channels.ts'
import type { Clock } from '../../core/clock.ts'
import type { DueEntry } from '../outbox/outbox-store.ts'
import { refused, type SendOutcome } from '../outbox/outcome.ts'
import { ACTION_WORDS, isQuiet, pathOf, type MessageLinks } from '../push/push-message.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Channel, SendOptions } from './channel.ts'
import { createHttpTarget, outcomeOfFailure, outcomeOfHttp, type HttpTarget } from './http-target.ts'
import { createMachineChannel } from './machine-channel.ts'
import type { BoxFacts } from './told-things.ts'

export interface NtfyDeps {
  book: ChannelBook
  clock: Clock
  box: BoxFacts
  links: MessageLinks
  allowSelf: boolean
}

const TIMEOUT_MS = 15_000
const WHO = 'The ntfy server'
const PRIORITIES: Readonly<Record<string, string>> = { normal: '3', high: '4', critical: '5' }
const QUIET_PRIORITY = '2'

/** Everything but the picture goes as parameters: headers take no letters beyond ASCII. */
export function ntfyUrl(
  entry: DueEntry,
  { server, topic }: Pick<NtfySettings, 'server' | 'topic'>,
  box: Pick<BoxFacts, 'origin'>,
  links: MessageLinks,
  hasPicture: boolean,
): string {
  const { notice } = entry
  const origin = box.origin()
  const url = new URL(`${server.replace(/\/+$/, '')}/${topic}`)
  const query = url.searchParams
  query.set('title', notice.title)
  query.set('message', notice.body)
  query.set('priority', isQuiet(notice) ? QUIET_PRIORITY : (PRIORITIES[notice.urgency] ?? '4'))
  query.set('tags', notice.kind === 'incident' ? 'eyes' : 'warning')
  query.set('click', origin + pathOf(notice))
  if (hasPicture) query.set('filename', 'lares.jpg')
  const actions = entry.actions.map((action) => ({
    ...{ action: 'http', label: ACTION_WORDS[action], url: origin + links.act(entry.id, action), method: 'POST' },
    clear: true,
  }))
  if (actions.length > 0) query.set('actions', JSON.stringify(actions))
  return url.href
}

/** A server that speaks ntfy's interface, with the picture as its attachment. */
export function createNtfyChannel({ book, clock, box, links, allowSelf }: NtfyDeps): Channel {
  let target: HttpTarget | null = null
  const close = (): void => {
    target?.close()
    target = null
  }
  book.onChange('ntfy', close)

  async function send(entry: DueEntry, { signal }: SendOptions): Promise<SendOutcome> {
    const channel = book.get('ntfy')
    if (!channel) return refused('ntfy is not set up any more.')
    const { ca, allowHome } = channel.settings
    const { pictureIncidentId } = entry.notice
    const headers = channel.secret === null ? {} : { authorization: `Bearer ${channel.secret}` }
    try {
      const picture = pictureIncidentId === null ? null : await box.picture(pictureIncidentId)
      const url = ntfyUrl(entry, channel.settings, box, links, picture !== null)
      target ??= createHttpTarget(clock, { ca, allowHome, allowSelf })
      const message = { url, method: 'PUT' as const, headers, body: picture ?? Buffer.alloc(0) }
      return outcomeOfHttp(await target.call({ ...message, timeoutMs: TIMEOUT_MS, signal }), WHO, clock.now())
    } catch (error) {
      return outcomeOfFailure(error, WHO)
    }
  }

  return createMachineChannel('ntfy', { book, label: 'ntfy', acts: true, send, close })
}
