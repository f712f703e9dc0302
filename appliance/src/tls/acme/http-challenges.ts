import type { IncomingMessage, ServerResponse } from 'node:http'

const PREFIX = '/.well-known/acme-challenge/'
const TOKEN = /^[A-Za-z0-9_-]{1,256}$/

/** What an authority finds on port 80 while it proves a name (RFC 8555 §8.3). */
export interface HttpChallenges {
  /** Answered until the returned function is called. */
  put(token: string, keyAuthorization: string): () => void
  /** False when the request is not for it. Knows no host names: whoever asks is answered. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
}

export function createHttpChallenges(): HttpChallenges {
  const answers = new Map<string, string>()
  return {
    put(token, keyAuthorization) {
      answers.set(token, keyAuthorization)
      return () => {
        if (answers.get(token) === keyAuthorization) answers.delete(token)
      }
    },
    handle({ url = '', method }, response) {
      if (!url.startsWith(PREFIX)) return false
      const token = url.slice(PREFIX.length).split('?')[0] ?? ''
      const answer = TOKEN.test(token) ? answers.get(token) : undefined
      const reads = method === 'GET' || method === 'HEAD'
      // Not sent on to HTTPS when unknown: an authority that asks too late must not end in our private certificate.
      const [status, body] = !reads ? [405, ''] : answer === undefined ? [404, ''] : [200, answer]
      response.writeHead(status, {
        'Content-Type': 'application/octet-stream',
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        ...(status === 405 && { Allow: 'GET, HEAD' }),
      })
      response.end(method === 'HEAD' ? undefined : body)
      return true
    },
  }
}
