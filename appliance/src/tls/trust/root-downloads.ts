import type { CertificateFacts } from '../certificate-facts.ts'
import { mobileconfig } from './mobileconfig.ts'

export interface RootDownload {
  body: Buffer
  contentType: string
}

/** The three forms of the root, by file name. */
export const ROOT_FILES = ['lares-root.crt', 'lares-root.pem', 'lares-root.mobileconfig'] as const
export type RootFile = (typeof ROOT_FILES)[number]

export interface RootCertificate {
  certPem: string
  facts: CertificateFacts
}

export function rootDownload(file: RootFile, { certPem, facts }: RootCertificate, homeName: string): RootDownload {
  switch (file) {
    case 'lares-root.crt':
      // DER: Windows and Android open it at a tap.
      return { body: facts.der, contentType: 'application/x-x509-ca-cert' }
    case 'lares-root.pem':
      return { body: Buffer.from(certPem), contentType: 'application/x-pem-file' }
    case 'lares-root.mobileconfig':
      return { body: Buffer.from(mobileconfig(facts, homeName)), contentType: 'application/x-apple-aspen-config' }
  }
}
