// What the page Certificates sends and gets: types only, so that no schema code gets into the bundle.
export type { AcmeCheckStep } from '../../appliance/src/api/acme.ts'
export type {
  Certificates,
  CertificateSourceView,
  ClientCertificate,
  IssueClientReply,
  PublicName,
} from '../../appliance/src/api/certificates.ts'
