import { readCertificates, readClients } from '../client-certificates.ts'
import { createResource } from './resource.ts'

/** What is served to whom, and whether client certificates are asked for. */
export const certificates = createResource(readCertificates)
export const clients = createResource(readClients)
