import { join } from 'node:path'
import type { TlsBoot } from '../api/certificates.ts'
import { LaresError } from '../core/errors.ts'
import { createCertificateFiles } from './local-ca/certificate-files.ts'

/** The root that phones trust (PEM), for whoever asks the box from the box itself. Throws `not-found` before the first start. */
export async function rootCertificateOf(where: { dataDir: string; tls: Pick<TlsBoot, 'certDir'> }): Promise<string> {
  const folder = where.tls.certDir ?? join(where.dataDir, 'tls')
  const root = await createCertificateFiles(folder).readRoot()
  if (root) return root.certPem
  throw new LaresError('not-found', `There is no root certificate in ${folder}: Lares was never started here.`)
}
