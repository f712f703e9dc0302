import { isHomeAddress } from './addresses.ts'
import { mayConnectTo } from './guarded-lookup.ts'

export interface AddressRules {
  /** It may be outside the home. */
  remote: boolean
  /** It may be asked without encryption on another machine. */
  plainHttp: boolean
}

/** Where a service that the owner named is asked, and which IP addresses its name may lead to. */
export type ServiceAddress =
  { ok: true; url: URL; isAllowed(address: string): boolean } | { ok: false; problem: string }

const refused = (problem: string): ServiceAddress => ({ ok: false, problem })

const isLoopback = (address: string): boolean => /^(127\.|::1$|::ffff:127\.)/i.test(address)

/**
 * Reads the address of a service, which `who` names in words ("The language model"). It stays in the home unless the
 * owner says otherwise, and plain HTTP stays on this box unless the owner says otherwise (SEC-C8). Names are judged by
 * where they lead, at every call.
 */
export function readServiceAddress(text: string, rules: AddressRules, who: string): ServiceAddress {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return refused(`The address of ${lowerFirst(who)} is not one.`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refused(`${who} is asked over HTTP only.`)
  if (url.username !== '' || url.password !== '')
    return refused(`The key of ${lowerFirst(who)} belongs into its own setting, not into the address.`)
  const onlyHere = url.protocol === 'http:' && !rules.plainHttp
  const isAllowed = (address: string): boolean =>
    onlyHere ? isLoopback(address) : rules.remote || isHomeAddress(address)
  if (!mayConnectTo(url.hostname, isAllowed)) return refused(whyNotThere(onlyHere, who))
  return { ok: true, url, isAllowed }
}

/** Why an address is not connected to, and what would change it. */
export function whyNotThere(onlyHere: boolean, who: string): string {
  return onlyHere
    ? `${who} is on another machine, where it is asked over HTTPS only, unless the setting for plain HTTP allows it.`
    : `${who} is outside the home, and the setting that allows this is off.`
}

const lowerFirst = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1)
