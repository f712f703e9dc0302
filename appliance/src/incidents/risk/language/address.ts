import { isHomeAddress } from '../../../core/addresses.ts'
import { mayConnectTo } from '../../../core/guarded-lookup.ts'

export interface AddressRules {
  /** The model may be outside the home. */
  remote: boolean
  /** It may be asked without encryption on another machine. */
  plainHttp: boolean
}

/** Where a language model is asked, and which IP addresses its name may lead to. */
export type LanguageAddress =
  { ok: true; url: URL; isAllowed(address: string): boolean } | { ok: false; problem: string }

const refused = (problem: string): LanguageAddress => ({ ok: false, problem })

const isLoopback = (address: string): boolean => /^(127\.|::1$|::ffff:127\.)/i.test(address)

/**
 * Reads the address of an OpenAI-compatible server. It stays in the home unless the owner says otherwise, and plain
 * HTTP stays on this box unless the owner says otherwise (SEC-C8). Names are judged by where they lead, at every call.
 */
export function readAddress(text: string, rules: AddressRules): LanguageAddress {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return refused('The address of the language model is not one.')
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return refused('The language model is asked over HTTP only.')
  if (url.username !== '' || url.password !== '')
    return refused('The key of the language model belongs into its own setting, not into the address.')
  const onlyHere = url.protocol === 'http:' && !rules.plainHttp
  const isAllowed = (address: string): boolean =>
    onlyHere ? isLoopback(address) : rules.remote || isHomeAddress(address)
  if (!mayConnectTo(url.hostname, isAllowed)) return refused(whyNot(onlyHere))
  url.pathname = chatPath(url.pathname)
  return { ok: true, url, isAllowed }
}

/** Why an address is not connected to, and what would change it. */
export function whyNot(onlyHere: boolean): string {
  return onlyHere
    ? 'The language model is on another machine, where it is asked over HTTPS only, unless the setting for plain HTTP allows it.'
    : 'The language model is outside the home, and the setting that allows this is off.'
}

function chatPath(path: string): string {
  const base = path.replace(/\/+$/, '')
  if (base.endsWith('/chat/completions')) return base
  return base.endsWith('/v1') ? `${base}/chat/completions` : `${base}/v1/chat/completions`
}
