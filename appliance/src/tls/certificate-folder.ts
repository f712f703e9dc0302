import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { LaresError } from '../core/errors.ts'

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/**
 * Where the private root lies. Throws `invalid` ROOT_ELSEWHERE when `TLS_CERT_DIR` leads away from the root that phones
 * trust already: a new one would be made, and every phone would have to install it.
 */
export async function requireRootInPlace(dataDir: string, certDir: string | undefined): Promise<void> {
  if (certDir === undefined) return
  const [there, usual] = [join(certDir, 'root.pem'), join(dataDir, 'tls', 'root.pem')]
  if ((await exists(there)) || !(await exists(usual))) return
  throw new LaresError(
    'invalid',
    `TLS_CERT_DIR names ${certDir}, but the root that your phones trust is ${usual}. Move it to ${there} first, or leave TLS_CERT_DIR away.`,
    { code: 'ROOT_ELSEWHERE' },
  )
}
