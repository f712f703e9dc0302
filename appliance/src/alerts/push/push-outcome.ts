import type { WebReply } from '../../core/web-call.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import { later, readRetryAfter, type SendOutcome } from '../outbox/outcome.ts'

export function outcomeOfReply({ status, headers, body }: WebReply, now: number): SendOutcome {
  if (status >= 200 && status < 300) return { result: 'delivered' }
  if (status === 404 || status === 410) return { result: 'gone', words: 'This browser no longer takes notifications.' }
  if (status === 429 || status >= 500) {
    const words =
      status === 429 ? 'The push service asks for patience.' : `The push service is out of order (${status}).`
    return { result: 'later', words, afterMs: readRetryAfter(headers['retry-after'], now) }
  }
  if (status === 413) return { result: 'refused', words: 'The message was too large for the push service.', bug: true }
  if (status === 401 || status === 403) return { result: 'refused', words: keyRefused(status, body), bug: false }
  return { result: 'refused', words: `The push service refused the message (${status}).`, bug: true }
}

function keyRefused(status: number, body: string): string {
  const reason = /"reason"\s*:\s*"([A-Za-z]{1,40})"/.exec(body)?.[1] ?? String(status)
  return `The push service does not accept this box (${reason}): check the clock of the box and the setting alerts.contact.`
}

/** No answer at all. */
export function outcomeOfError(error: unknown): SendOutcome {
  const code = systemCodeOf(error) ?? ''
  if (code === 'ADDRESS_REFUSED') {
    return { result: 'refused', words: 'The push address leads into the home; it is not called.', bug: false }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return later('The push service cannot be found: is the internet away?')
  if (/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_/.test(code))
    return later('The connection to the push service is not trustworthy.')
  if (error instanceof LaresError && error.kind === 'timeout') return later('The push service does not answer in time.')
  return later('The push service cannot be reached: is the internet away?')
}
