import type { Audit } from '../../audit/types.ts'
import type { Settings } from '../../settings/types.ts'
import { verifyClient, verifyClientTrial } from '../settings.ts'

/**
 * For whoever shut themselves out and can reach the box itself: client certificates are not asked for any more. Throws
 * `conflict` SET_BY_ENVIRONMENT when `TLS_VERIFY_CLIENT` decides.
 */
export async function openToEverybody({
  settings,
  audit,
}: {
  settings: Settings
  audit: Pick<Audit, 'note'>
}): Promise<void> {
  await settings.set(verifyClient, false)
  await settings.set(verifyClientTrial, 0)
  audit.note({ type: 'tls_changed', severity: 'WARNING', details: { clientsRequired: false, from: 'the console' } })
}
