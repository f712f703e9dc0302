// Words of the page Certificates. Apart from `t`, because they come with that page and not with the first load.
import { certificatesText } from './en/certificates.ts'

export const cert = certificatesText
