import { createHmac } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { DueEntry } from '../outbox/outbox-store.ts'
import { refused, type SendOutcome } from '../outbox/outcome.ts'
import { pathOf, type MessageLinks } from '../push/push-message.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Channel, SendOptions } from './channel.ts'
import { createHttpTarget, outcomeOfFailure, outcomeOfHttp, type HttpTarget } from './http-target.ts'
import { createMachineChannel } from './machine-channel.ts'
import type { BoxFacts } from './told-things.ts'

export interface WebhookDeps {
  book: ChannelBook
  clock: Clock
  box: BoxFacts
  links: MessageLinks
  allowSelf: boolean
}

const TIMEOUT_MS = 10_000
const WHO = 'The webhook'

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`. Old or repeated ones are told apart by time and id. */
export function signature(key: string, body: Buffer, atMs: number): string {
  const seconds = Math.floor(atMs / 1000)
  const mac = createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex')
  return `t=${seconds},v1=${mac}`
}

/** The JSON that is posted. */
export function webhookBody(entry: DueEntry, box: Pick<BoxFacts, 'origin' | 'homeName'>, links: MessageLinks) {
  const { notice } = entry
  const origin = box.origin()
  return {
    ...{ id: entry.id, event: 'alert', home: box.homeName(), kind: notice.kind, state: notice.state, tag: notice.tag },
    ...{
      title: notice.title,
      body: notice.body,
      urgency: notice.urgency,
      at: new Date(notice.createdAt).toISOString(),
    },
    ...{ incidentId: notice.incidentId, cameraId: notice.cameraId, link: origin + pathOf(notice) },
    picture: notice.pictureIncidentId === null ? null : origin + links.picture(notice.pictureIncidentId),
  }
}

/** A POST to an address of the owner's, signed. */
export function createWebhookChannel({ book, clock, box, links, allowSelf }: WebhookDeps): Channel {
  let target: HttpTarget | null = null
  const close = (): void => {
    target?.close()
    target = null
  }
  book.onChange('webhook', close)

  async function send(entry: DueEntry, { signal }: SendOptions): Promise<SendOutcome> {
    const channel = book.get('webhook')
    if (channel?.secret == null) return refused('The webhook is not set up any more.')
    const { url, ca, allowHome } = channel.settings
    const body = Buffer.from(JSON.stringify(webhookBody(entry, box, links)))
    const headers = {
      'content-type': 'application/json',
      'lares-delivery': entry.id,
      'lares-signature': signature(channel.secret, body, clock.now()),
    }
    try {
      target ??= createHttpTarget(clock, { ca, allowHome, allowSelf })
      return outcomeOfHttp(await target.call({ url, headers, body, timeoutMs: TIMEOUT_MS, signal }), WHO, clock.now())
    } catch (error) {
      return outcomeOfFailure(error, WHO)
    }
  }

  return createMachineChannel('webhook', { book, label: 'Webhook', acts: false, send, close })
}
