import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestCertificates {
  /** PEM file of the root, for whoever has to trust it. */
  rootFile: string
  rootPem: string
  keyPem: string
  /** Leaf for localhost and 127.0.0.1, and `names`. */
  certPem: string
  remove(): void
}

/** A root and one leaf, made with openssl for one test. */
export function makeTestCertificates(names: readonly string[] = []): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'lares-ca-'))
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-days',
    '30',
    '-subj',
    '/CN=Test root',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  )
  openssl('req', ...newKey, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=localhost')
  const alternatives = ['DNS:localhost', 'IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',')
  writeFileSync(
    at('leaf.ext'),
    `subjectAltName=${alternatives}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`,
  )
  openssl(
    'x509',
    '-req',
    '-in',
    'leaf.csr',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-out',
    'leaf.pem',
    '-days',
    '30',
    '-extfile',
    'leaf.ext',
  )
  return {
    rootFile: at('root.pem'),
    rootPem: readFileSync(at('root.pem'), 'utf8'),
    keyPem: readFileSync(at('leaf.key'), 'utf8'),
    certPem: readFileSync(at('leaf.pem'), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
