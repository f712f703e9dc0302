import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './steps.ts'

/** Who signs updates. The key stays with whoever releases; the box knows the certificate that vouches for it. */
export interface UpdateKeys {
  /** Private key (PEM). */
  readonly key: string
  /** Certificate of the key (PEM). */
  readonly cert: string
  /** What goes into the image: the certificate that `cert` is checked against (PEM). */
  readonly keyring: string
}

const DAYS = 3650
const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const SIGNER = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=emailProtection',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
  '',
].join('\n')

/** Keys for trying things out, made once in a folder outside git. An image with them must not be given to anybody. */
export function bringTestKeys(folder: string): UpdateKeys {
  const at = (name: string): string => join(folder, name)
  const keys = { key: at('signer.key'), cert: at('signer.pem'), keyring: at('authority.pem') }
  if (existsSync(keys.cert)) return keys
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const authority = ['-x509', ...CURVE, '-days', String(DAYS), '-subj', '/O=Lares/CN=Lares test authority (not for release)']
  const uses = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
  run('openssl', ['req', ...authority, ...uses, '-keyout', at('authority.key'), '-out', keys.keyring])
  run('openssl', ['req', ...CURVE, '-subj', '/O=Lares/CN=Lares test signer', '-keyout', keys.key, '-out', at('signer.csr')])
  writeFileSync(at('signer.ext'), SIGNER)
  const signing = ['-CA', keys.keyring, '-CAkey', at('authority.key'), '-CAcreateserial', '-extfile', at('signer.ext')]
  run('openssl', ['x509', '-req', '-in', at('signer.csr'), ...signing, '-days', String(DAYS), '-out', keys.cert])
  for (const name of ['signer.csr', 'signer.ext']) rmSync(at(name))
  return keys
}
