import { createIotLanguage } from './languages/iot.ts'
import { createSmartLanguage } from './languages/smart.ts'
import type { Language } from './languages/types.ts'
import { createAesTransport } from './transports/aes.ts'
import { createKlapTransport } from './transports/klap.ts'
import { createTpapTransport } from './transports/tpap.ts'
import type { Encryption, Family, Scheme, Transport, TransportDeps } from './transports/types.ts'
import { createXorTransport } from './transports/xor.ts'

const TRANSPORTS: Readonly<Record<Encryption, (scheme: Scheme, deps: TransportDeps) => Transport>> = {
  xor: createXorTransport,
  klap: createKlapTransport,
  tpap: createTpapTransport,
  aes: createAesTransport,
}

/** A transport and the language over it. Asks one question where the language is not known. */
export async function openScheme(
  scheme: Scheme,
  deps: TransportDeps,
): Promise<{ transport: Transport; language: Language }> {
  const first = TRANSPORTS[scheme.encryption](scheme, deps)
  try {
    const family = scheme.family ?? (await askFamily(first))
    const known = { ...scheme, family }
    const transport: Transport = {
      scheme: known,
      ask: (payload, options) => first.ask(payload, options),
      facts: () => first.facts(),
      close: () => first.close(),
    }
    return { transport, language: languageOf(family, transport, deps) }
  } catch (error) {
    first.close()
    throw error
  }
}

function languageOf(family: Family, transport: Transport, { host, clock }: TransportDeps): Language {
  const ask: Transport['ask'] = (payload, options) => transport.ask(payload, options)
  if (family === 'smart') return createSmartLanguage({ clock, ask })
  const { encryption, port } = transport.scheme
  return createIotLanguage({ host, port, clock, batch: encryption === 'xor', ask })
}

/** A device of the other family answers with an error code instead. */
async function askFamily(transport: Transport): Promise<Family> {
  const answer = await transport.ask('{"system":{"get_sysinfo":{}}}')
  try {
    const reply = JSON.parse(answer) as { system?: { get_sysinfo?: unknown } } | null
    return typeof reply?.system?.get_sysinfo === 'object' ? 'iot' : 'smart'
  } catch {
    return 'smart'
  }
}
