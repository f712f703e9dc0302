import { z } from 'zod'
import { epochMs, id } from './common.ts'

/** Where what browsers see comes from (SEC-B1). `disabled`: no HTTPS at all. */
export const TLS_MODES = ['self_signed', 'provided', 'acme', 'disabled'] as const
export type TlsMode = (typeof TLS_MODES)[number]

/** What the environment says about TLS before anything opens. */
export interface TlsBoot {
  /** undefined: the app decides between the private root alone and Let's Encrypt beside it. */
  readonly mode: TlsMode | undefined
  readonly certPath: string | undefined
  readonly keyPath: string | undefined
  /** File with further authorities whose client certificates count. */
  readonly caPath: string | undefined
  /** Folder of the private root and everything received; `tls` in the data folder when left out. */
  readonly certDir: string | undefined
}

export const servedCertificate = z
  .strictObject({
    names: z.array(z.string()).describe('DNS names it is good for; `*.x` stands for one label.'),
    addresses: z.array(z.string()),
    issuer: z.string(),
    key: z.string().describe('Kind and size of its key, for example `EC prime256v1`.'),
    fingerprint: z.string().describe('SHA-256, colon-separated hex.'),
    validFrom: epochMs,
    validUntil: epochMs,
  })
  .meta({ id: 'ServedCertificate' })
export type ServedCertificateView = z.infer<typeof servedCertificate>

/** One source of certificates and how it does. */
export const certificateSource = z
  .strictObject({
    kind: z.enum(['local-ca', 'acme', 'provided']),
    servedTo: z.enum(['its-names', 'everybody-else', 'nobody']).describe('Who is shown its certificate.'),
    certificate: servedCertificate.nullable(),
    lastRenewedAt: epochMs.nullable(),
    lastTriedAt: epochMs.nullable(),
    nextTryAt: epochMs.nullable(),
    problem: z.string().nullable().describe('One sentence while something is wrong.'),
  })
  .meta({ id: 'CertificateSource' })
export type CertificateSourceView = z.infer<typeof certificateSource>

/** Where a public name leads from inside the home. `nowhere` is what a router's rebinding protection looks like. */
export const publicName = z
  .strictObject({
    name: z.string(),
    leads: z.enum(['here', 'elsewhere', 'nowhere', 'unknown']),
    addresses: z.array(z.string()),
  })
  .meta({ id: 'PublicName' })
export type PublicName = z.infer<typeof publicName>

export const certificatesReply = z
  .strictObject({
    mode: z.enum(TLS_MODES),
    modeSetBy: z.enum(['environment', 'app']),
    sources: z.array(certificateSource),
    publicNames: z.array(publicName),
    root: z.strictObject({ fingerprint: z.string(), expiresAt: epochMs, trustPage: z.string() }),
    clients: z.strictObject({
      required: z.boolean().describe('Whether everybody has to show a client certificate.'),
      setBy: z.enum(['environment', 'app']),
      trialEndsAt: epochMs
        .nullable()
        .describe('Switched on just now: goes off by itself at this time unless somebody comes in with one before.'),
      otherAuthorities: z.array(z.string()).describe('Names of those in the file of `TLS_CA_PATH`.'),
    }),
  })
  .meta({ id: 'Certificates' })
export type Certificates = z.infer<typeof certificatesReply>

export const tlsModeBody = z.strictObject({ mode: z.enum(['self_signed', 'acme']) }).meta({ id: 'TlsMode' })

export const clientCertificate = z
  .strictObject({
    id,
    name: z.string().describe('What the owner calls the phone.'),
    fingerprint: z.string(),
    issuedBy: z.string().nullable(),
    createdAt: epochMs,
    expiresAt: epochMs,
    lastUsedAt: epochMs.nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
  })
  .meta({ id: 'ClientCertificate' })
export type ClientCertificate = z.infer<typeof clientCertificate>
export const clientCertificatesReply = z
  .strictObject({ certificates: z.array(clientCertificate) })
  .meta({ id: 'ClientCertificates' })
export type ClientCertificatesReply = z.infer<typeof clientCertificatesReply>

export const issueClientBody = z
  .strictObject({
    name: z.string().trim().min(1).max(40),
    // Phones refuse none of these; a certificate that is never renewed by itself should not run out every season.
    days: z.int().min(1).max(1_825).default(1_825),
  })
  .meta({ id: 'IssueClientCertificate' })
export type IssueClientCertificate = z.input<typeof issueClientBody>
/** Everything here is shown this once; the box keeps no key of it. */
export const issueClientReply = z
  .strictObject({
    certificate: clientCertificate,
    password: z.string().describe('Opens the file on the phone.'),
    pkcs12: z.base64().describe('The file: key and certificate, locked with the password.'),
    links: z
      .strictObject({ pkcs12: z.string(), mobileconfig: z.string() })
      .describe('Plain-HTTP addresses of the locked file, for a phone that cannot come in yet; good for minutes.'),
    linksUntil: epochMs,
  })
  .meta({ id: 'IssueClientCertificateReply' })
export type IssueClientReply = z.infer<typeof issueClientReply>

export const requireClientsBody = z.strictObject({ required: z.boolean() }).meta({ id: 'RequireClientCertificates' })
