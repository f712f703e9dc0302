import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { LaresError } from '../../core/errors.ts'
import { splitPem } from '../certificate-facts.ts'

const notUsable = (path: string, why: string): LaresError =>
  new LaresError('invalid', `TLS_CA_PATH names ${path}, which ${why}.`, { code: 'BAD_ENVIRONMENT' })

/** Certificates in the file of `TLS_CA_PATH`; none without one. Throws `invalid` with one sentence. */
export async function readAuthorities(path: string | undefined): Promise<X509Certificate[]> {
  if (path === undefined) return []
  const text = await readFile(path, 'utf8').catch(() => {
    throw notUsable(path, 'cannot be read')
  })
  try {
    const found = splitPem(text).map((pem) => new X509Certificate(pem))
    if (found.length > 0) return found
  } catch {
    throw notUsable(path, 'holds something that is not a certificate')
  }
  throw notUsable(path, 'holds no certificate')
}
