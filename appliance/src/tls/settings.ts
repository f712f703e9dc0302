import { z } from 'zod'
import type { SettingDefinition } from '../settings/types.ts'

export const tlsMode: SettingDefinition<'self_signed' | 'acme'> = {
  key: 'tls.mode',
  schema: z.enum(['self_signed', 'acme']),
  initial: 'self_signed',
  words: 'Whether a public certificate is fetched beside the private one; chosen on the page Certificates.',
  internal: true,
}

export const verifyClient: SettingDefinition<boolean> = {
  key: 'tls.verifyClient',
  schema: z.boolean(),
  initial: false,
  words:
    'Whether every phone and program has to show a client certificate to reach the app at all. Issue one for each first.',
  env: 'TLS_VERIFY_CLIENT',
}

/** Epoch milliseconds; 0: it stays as it is. */
export const verifyClientTrial: SettingDefinition<number> = {
  key: 'tls.verifyClientTrial',
  schema: z.int().nonnegative(),
  initial: 0,
  words: 'Until when client certificates have to be shown if nobody comes in with one; kept by the box itself.',
  internal: true,
}

export const minVersion: SettingDefinition<'TLSv1.2' | 'TLSv1.3'> = {
  key: 'tls.minVersion',
  schema: z.enum(['TLSv1.2', 'TLSv1.3']),
  initial: 'TLSv1.2',
  words: 'The oldest version of TLS that is spoken. TLSv1.3 shuts out phones from before about 2019.',
  env: 'TLS_MIN_VERSION',
}

export const hstsAtHome: SettingDefinition<boolean> = {
  key: 'tls.hstsAtHome',
  schema: z.boolean(),
  initial: false,
  words:
    'Whether browsers are told for a year to use nothing but HTTPS under the names at home too (.local and others). Under a public name they always are.',
}

export const tlsSettings = [tlsMode, verifyClient, verifyClientTrial, minVersion, hstsAtHome] as const
