import { LaresError } from '../../../core/errors.ts'
import type { WebCaller, WebReply } from '../../../core/web-call.ts'
import { unreachable } from '../problems.ts'

/** Refused or not understood by whoever changes the records; one sentence that begins with its name. */
export const providerError = (who: string, why: string, retryAfterS?: number): LaresError =>
  new LaresError('conflict', `${who}: ${why.replace(/\.$/, '')}.`, {
    code: 'DNS_PROVIDER',
    ...(retryAfterS !== undefined && { retryAfterS }),
  })

/** A call whose failures carry the provider's name. */
export async function ask(who: string, call: WebCaller, request: Parameters<WebCaller>[0]): Promise<WebReply> {
  try {
    return await call(request)
  } catch (error) {
    throw unreachable(who, error)
  }
}
