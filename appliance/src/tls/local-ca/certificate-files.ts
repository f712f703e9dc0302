import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, syncFolder, writeFileDurably } from '../../core/disk.ts'
import { LaresError } from '../../core/errors.ts'
import type { KeyedCertificate } from './certificates.ts'

const ROOT_FILE = 'root.pem'
const LEAF_FILE = 'leaf.pem'
const KEY_BLOCK = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/
const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/

/** Root and leaf on disk. Certificate and key share one file, so that a power cut cannot part them. */
export interface CertificateFiles {
  /** null when there is none yet. Throws `unavailable` ROOT_DAMAGED: the root is never replaced silently. */
  readRoot(): Promise<KeyedCertificate | null>
  writeRoot(root: KeyedCertificate): Promise<void>
  /** null when there is none. `damaged`: unreadable, or not signed by this root. */
  readLeaf(root: KeyedCertificate): Promise<KeyedCertificate | 'damaged' | null>
  writeLeaf(leaf: KeyedCertificate): Promise<void>
  /** Keeps the leaf under another name; returns it. */
  putLeafAside(nowMs: number): Promise<string>
}

/** null when one of the two is missing, unreadable, or they do not belong together. */
function parse(text: string): KeyedCertificate | null {
  const certPem = CERTIFICATE_BLOCK.exec(text)?.[0]
  const keyPem = KEY_BLOCK.exec(text)?.[0]
  if (certPem === undefined || keyPem === undefined) return null
  try {
    const fits = new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem))
    return fits ? { certPem, keyPem } : null
  } catch {
    return null
  }
}

function isSignedBy(leafPem: string, rootPem: string): boolean {
  const leaf = new X509Certificate(leafPem)
  const root = new X509Certificate(rootPem)
  return leaf.checkIssued(root) && leaf.verify(root.publicKey)
}

const rootDamaged = (file: string): LaresError =>
  new LaresError(
    'unavailable',
    `The file ${file} is damaged. It is what your phones trust, so nothing was replaced. Restore it from a backup; ` +
      'or, if there is none, move it away: Lares then makes a new one, and every phone has to install it again.',
    { code: 'ROOT_DAMAGED' },
  )

/** Only the owner of the process may read keys, whatever the umask or a careless copy did. */
async function keepPrivate(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) await chmod(file, 0o600)
}

/** `folder` is made at the first writing. */
export function createCertificateFiles(folder: string): CertificateFiles {
  const rootFile = join(folder, ROOT_FILE)
  const leafFile = join(folder, LEAF_FILE)
  const write = async (file: string, { certPem, keyPem }: KeyedCertificate): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFileDurably(file, certPem + keyPem, 0o600)
  }
  return {
    async readRoot() {
      const text = await readIfThere(rootFile)
      if (text === null) return null
      const root = parse(text)
      if (!root || !isSignedBy(root.certPem, root.certPem)) throw rootDamaged(rootFile)
      await keepPrivate(rootFile)
      return root
    },
    writeRoot: (root) => write(rootFile, root),
    async readLeaf(root) {
      const text = await readIfThere(leafFile)
      if (text === null) return null
      const leaf = parse(text)
      if (!leaf || !isSignedBy(leaf.certPem, root.certPem)) return 'damaged'
      await keepPrivate(leafFile)
      return leaf
    },
    writeLeaf: (leaf) => write(leafFile, leaf),
    async putLeafAside(nowMs) {
      const aside = `${leafFile}.damaged-${nowMs}`
      await rename(leafFile, aside)
      await syncFolder(folder)
      return aside
    },
  }
}
