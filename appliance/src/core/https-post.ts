import type { Agent } from 'node:https'
import { webCall, type WebCall, type WebReply } from './web-call.ts'

export interface HttpsPost extends Omit<WebCall, 'method'> {
  body: Buffer
  agent: Agent
}

export type HttpsReply = WebReply

/** One POST, no redirects followed. Rejects with the socket's error, or `timeout`. Any status is an answer. */
export const httpsPost = (post: HttpsPost): Promise<HttpsReply> => webCall({ ...post, method: 'POST' })
