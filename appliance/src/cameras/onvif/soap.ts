import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Credentials } from './types.ts'
import { child, escapeXml, everywhere, readXml, textAt, type XmlElement } from './xml.ts'

export const SPACES = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
  events: 'http://www.onvif.org/ver10/events/wsdl',
  notify: 'http://docs.oasis-open.org/wsn/b-2',
} as const

const ENVELOPE = 'http://www.w3.org/2003/05/soap-envelope'
const ADDRESSING = 'http://www.w3.org/2005/08/addressing'
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss'
const DIGEST_TYPE = `${WSS}-username-token-profile-1.0#PasswordDigest`
const NONCE_TYPE = `${WSS}-soap-message-security-1.0#Base64Binary`
const NONCE_BYTES = 16

export interface SoapRequest {
  /** What is asked, with its own namespaces. */
  body: string
  /** Full name of the operation, for WS-Addressing; only events need it. */
  action?: string | undefined
  to?: string | undefined
  /** Reference parameters of a subscription, sent back as they came. */
  headers?: string | undefined
}

/** The envelope; with a WS-Security digest when somebody signs in. `nowMs` is the device's time. */
export function envelope(request: SoapRequest, credentials: Credentials | null, nowMs: number): string {
  const { body, action, to, headers = '' } = request
  const addressing =
    action === undefined
      ? ''
      : `<a:Action s:mustUnderstand="1">${escapeXml(action)}</a:Action><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>` +
        `<a:ReplyTo><a:Address>${ADDRESSING}/anonymous</a:Address></a:ReplyTo>` +
        (to === undefined ? '' : `<a:To s:mustUnderstand="1">${escapeXml(to)}</a:To>`)
  const security = credentials ? usernameToken(credentials, nowMs) : ''
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${ENVELOPE}" xmlns:a="${ADDRESSING}">` +
    `<s:Header>${addressing}${headers}${security}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  )
}

/** UsernameToken profile 1.0: Base64(SHA-1(nonce + created + password)). SHA-1 is the standard's choice, not ours. */
export function usernameToken({ username, password }: Credentials, nowMs: number): string {
  const nonce = randomBytes(NONCE_BYTES)
  const created = new Date(nowMs).toISOString()
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64')
  return (
    `<w:Security s:mustUnderstand="1" xmlns:w="${WSS}-wssecurity-secext-1.0.xsd" xmlns:u="${WSS}-wssecurity-utility-1.0.xsd">` +
    `<w:UsernameToken><w:Username>${escapeXml(username)}</w:Username><w:Password Type="${DIGEST_TYPE}">${digest}</w:Password>` +
    `<w:Nonce EncodingType="${NONCE_TYPE}">${nonce.toString('base64')}</w:Nonce><u:Created>${created}</u:Created>` +
    '</w:UsernameToken></w:Security>'
  )
}

export type SoapAnswer =
  | { kind: 'answer'; header: XmlElement | null; body: XmlElement }
  | { kind: 'fault'; codes: readonly string[]; words: string }

/** Reads an envelope of either SOAP version; null when it is XML of another kind. Throws `invalid` bad-answer. */
export function readEnvelope(text: string): SoapAnswer | null {
  const root = readXml(text)
  const body = child(root, 'Body')
  if (root.name !== 'Envelope' || !body) return null
  const fault = child(body, 'Fault')
  if (!fault) return { kind: 'answer', header: child(root, 'Header'), body }
  const codes = [...everywhere(fault, 'Value'), ...everywhere(fault, 'faultcode')].map(({ text: code }) =>
    localName(code),
  )
  return { kind: 'fault', codes, words: textAt(fault, 'Reason', 'Text') || textAt(fault, 'faultstring') }
}

/** `ter:NotAuthorized` → `NotAuthorized` */
const localName = (code: string): string => code.slice(code.indexOf(':') + 1)
