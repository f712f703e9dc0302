import { createTransport, type Transporter } from 'nodemailer'
import { getCACertificates } from 'node:tls'
import type { EmailSettings } from '../../api/channels.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import type { DueEntry } from '../outbox/outbox-store.ts'
import { DELIVERED, later, refused, type SendOutcome } from '../outbox/outcome.ts'
import { pathOf } from '../push/push-message.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Channel, SendOptions } from './channel.ts'
import { channelNotes } from './machine-channel.ts'
import type { BoxFacts } from './told-things.ts'

export interface EmailDeps {
  book: ChannelBook
  box: BoxFacts
}

const TIMEOUT_MS = 20_000

function openTransport({ host, port, security, username, ca }: EmailSettings, password: string | null): Transporter {
  return createTransport({
    ...{ host, port, secure: security === 'tls', requireTLS: true, pool: true, maxConnections: 2 },
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    ...(username !== '' && { auth: { user: username, pass: password ?? '' } }),
    tls: { minVersion: 'TLSv1.2', ...(ca !== '' && { ca: [...getCACertificates('default'), ca] }) },
    // What is sent is ours alone: no file and no address of the message is read by the library.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
}

/** Mails of one subject stand together in the reader's list. */
const threadOf = (tag: string, from: string): string => `<${tag.replaceAll(':', '.')}@${from.split('@')[1] ?? 'lares'}>`

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

export function mailOf(
  entry: DueEntry,
  {
    from,
    address,
    picture,
    box,
  }: { from: string; address: string; picture: Buffer | null; box: Pick<BoxFacts, 'origin' | 'homeName'> },
) {
  const { notice, id } = entry
  const link = box.origin() + pathOf(notice)
  const thread = threadOf(notice.tag, from)
  const html = [
    `<p><strong>${escapeHtml(notice.title)}</strong></p>`,
    `<p>${escapeHtml(notice.body)}</p>`,
    picture === null ? '' : '<p><img src="cid:picture" alt="" style="max-width:100%"></p>',
    `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`,
  ].join('\n')
  return {
    ...{ from: { name: `Lares · ${box.homeName()}`, address: from }, to: address, subject: notice.title },
    ...{ messageId: `<${id}@${from.split('@')[1] ?? 'lares'}>`, inReplyTo: thread, references: thread },
    ...{ text: `${notice.body}\n\n${link}\n`, html, date: new Date(notice.createdAt) },
    ...(notice.urgency === 'critical' && { priority: 'high' as const }),
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments:
      picture === null
        ? []
        : [{ filename: 'picture.jpg', content: picture, contentType: 'image/jpeg', cid: 'picture' }],
  }
}

/** Mails to people of the home; each gets what they may see. */
export function createEmailChannel({ book, box }: EmailDeps): Channel {
  let transport: Transporter | null = null
  const close = (): void => {
    transport?.close()
    transport = null
  }
  book.onChange('email', close)

  async function send(entry: DueEntry, { signal }: SendOptions): Promise<SendOutcome> {
    const channel = book.get('email')
    const address = channel?.settings.to.find(
      ({ userId, address: to }) => keyOf(userId, to) === entry.targetKey,
    )?.address
    if (!channel || address === undefined) return refused('This address is no longer on the list.')
    const { settings, secret } = channel
    const { pictureIncidentId } = entry.notice
    try {
      const picture = pictureIncidentId === null ? null : await box.picture(pictureIncidentId)
      transport ??= openTransport(settings, secret)
      await stoppable(transport.sendMail(mailOf(entry, { from: settings.from, address, picture, box })), signal)
      return DELIVERED
    } catch (error) {
      return outcomeOfMailError(error)
    }
  }

  return {
    ...channelNotes('email'),
    id: 'email',
    async targets(_, people) {
      const to = book.working('email')?.settings.to ?? []
      return to
        .filter(({ userId }) => people.has(userId))
        .map(({ userId, address }) => {
          return { key: keyOf(userId, address), targetId: null, userId, actsAs: null, label: address }
        })
    },
    laneOf: () => 'email',
    send,
    open: async () => undefined,
    close: async () => close(),
  }
}

const keyOf = (userId: string, address: string): string => `${userId} ${address}`

/** The box that stops waits for no mail server; the mail is sent again by the next start. */
function stoppable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new LaresError('unavailable', 'Stopped.', { code: 'STOPPED' }))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** What the mail server said, in words. */
export function outcomeOfMailError(error: unknown): SendOutcome {
  const { responseCode, response } = error as { responseCode?: number; response?: string }
  const code = systemCodeOf(error) ?? ''
  const said = response === undefined ? '' : ` It said: ${response.replace(/\s+/g, ' ').slice(0, 120)}`
  if (code === 'EAUTH') return refused(`The mail server does not take the name and password.${said}`)
  if (code === 'ETLS') return refused('The mail server offers no encryption: check port and kind of encryption.')
  if (responseCode !== undefined && responseCode >= 500) return refused(`The mail server refused the mail.${said}`)
  if (responseCode !== undefined && responseCode >= 400) return later(`The mail server asks for patience.${said}`)
  if (code === 'EDNS' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return later('The mail server cannot be found. Is its name right?')
  if (code === 'ESOCKET' && /certificate|self-signed|TLS|SSL/i.test((error as Error).message))
    return later('The mail server shows a certificate that Lares does not trust, or speaks another kind of encryption.')
  if (code === 'ETIMEDOUT') return later('The mail server does not answer in time.')
  return later(`The mail server cannot be reached${code === '' ? '' : ` (${code})`}.`)
}
