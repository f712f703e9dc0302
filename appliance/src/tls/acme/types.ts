import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Route } from '../../http/route.ts'
import type { CertificateSource } from '../source.ts'

/** Public certificates by ACME (SEC-B4), beside what every source is. */
export interface AcmeSource extends CertificateSource {
  readonly routes: readonly Route[]
  /**
   * Answers `/.well-known/acme-challenge/` on the plain port, for any Host, before anything is sent on to HTTPS; false
   * when the request is not for it.
   */
  challengeHandler(request: IncomingMessage, response: ServerResponse): boolean
}
