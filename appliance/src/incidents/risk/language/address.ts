import {
  readServiceAddress,
  whyNotThere,
  type AddressRules,
  type ServiceAddress,
} from '../../../core/service-address.ts'

const WHO = 'The language model'

/** Where a language model is asked, and which IP addresses its name may lead to. */
export type LanguageAddress = ServiceAddress

/** Reads the address of an OpenAI-compatible server, judged as every service's; its path is completed. */
export function readAddress(text: string, rules: AddressRules): LanguageAddress {
  const address = readServiceAddress(text, rules, WHO)
  if (address.ok) address.url.pathname = chatPath(address.url.pathname)
  return address
}

/** Why an address is not connected to, and what would change it. */
export const whyNot = (onlyHere: boolean): string => whyNotThere(onlyHere, WHO)

function chatPath(path: string): string {
  const base = path.replace(/\/+$/, '')
  if (base.endsWith('/chat/completions')) return base
  return base.endsWith('/v1') ? `${base}/chat/completions` : `${base}/v1/chat/completions`
}
