import assert from 'node:assert/strict'
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { newFilePassword } from '../../appliance/src/tls/clients/client-files.ts'
import { pkcs12 } from '../../appliance/src/tls/clients/pkcs12.ts'
import { der, integer, objectId, setOf } from '../../appliance/src/tls/der.ts'
import { createClientIdentity, createRoot, type ClientIdentity } from '../../appliance/src/tls/local-ca/certificates.ts'
import { opensslVerify } from './box.ts'

let folder: string
let rootPem: string
let identity: ClientIdentity
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lares-p12-'))
  const root = await createRoot(Date.now())
  rootPem = root.certPem
  identity = await createClientIdentity(root, { name: 'bank.example.com', days: 30, nowMs: Date.now() })
})
after(() => rmSync(folder, { recursive: true, force: true }))

const run = (command: string, ...args: string[]): { ok: boolean; out: string } => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: folder })
  return { ok: status === 0, out: stdout + stderr }
}

describe('SEC-B5 the file that a phone imports', () => {
  test('is opened by OpenSSL and by NSS (Firefox, Chromium), with its password alone', () => {
    const password = newFilePassword()
    writeFileSync(join(folder, 'a.p12'), pkcs12({ ...identity, name: 'Lares · Änne', password }))
    const opened = run('openssl', 'pkcs12', '-in', 'a.p12', '-nodes', '-passin', `pass:${password}`)
    assert.ok(opened.ok, opened.out)
    const certificate = new X509Certificate(opened.out)
    assert.deepEqual(certificate.raw, identity.certificateDer)
    const [keyPem = ''] = /-----BEGIN PRIVATE KEY-----[^]+-----END PRIVATE KEY-----/.exec(opened.out) ?? []
    const spki = { type: 'spki', format: 'der' } as const
    assert.deepEqual(createPublicKey(keyPem).export(spki), certificate.publicKey.export(spki))
    assert.equal(run('openssl', 'pkcs12', '-in', 'a.p12', '-nodes', '-passin', 'pass:x').ok, false)
    run('certutil', '-d', 'sql:.', '-N', '--empty-password')
    assert.match(run('pk12util', '-d', 'sql:.', '-i', 'a.p12', '-W', password).out, /SUCCESSFUL/)
    assert.match(run('certutil', '-d', 'sql:.', '-L').out, /Lares · Änne/)
  })

  test('holds for clients, whatever the phone is called, and for no server', () => {
    const pem = new X509Certificate(identity.certificateDer).toString()
    assert.equal(opensslVerify(rootPem, pem, '-purpose', 'sslclient'), 'OK')
    assert.match(opensslVerify(rootPem, pem), /unsuitable certificate purpose/i)
  })

  test('a password is long, readable, and never the same', () => {
    const made = Array.from({ length: 500 }, newFilePassword)
    for (const one of made) assert.match(one, /^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/)
    assert.equal(new Set(made).size, made.length)
    const letters = new Set(made.join('').replaceAll('-', ''))
    assert.equal(letters.size, 31)
  })
})

describe('DER', () => {
  const asn1 = (bytes: Buffer): string => run('openssl', 'asn1parse', '-inform', 'DER', '-in', write(bytes)).out
  const write = (bytes: Buffer): string => {
    const name = createHash('sha1').update(bytes).digest('hex')
    writeFileSync(join(folder, name), bytes)
    return name
  }

  test('numbers, ids and lengths are what OpenSSL reads', () => {
    for (const value of [0, 1, 127, 128, 255, 256, 32_767, 32_768, 2_048, 2 ** 31 - 1])
      assert.match(asn1(integer(value)), new RegExp(`INTEGER +:0*${value.toString(16).padStart(2, '0')}\\s*$`, 'i'))
    for (const length of [0, 127, 128, 255, 256, 65_535, 65_536])
      assert.match(asn1(der(0x04, Buffer.alloc(length))), new RegExp(`l= *${length} prim`), String(length))
    assert.match(asn1(objectId('1.2.840.113549.1.12.1.3')), /pbeWithSHA1And3-KeyTripleDES-CBC/)
  })

  test('an id is read back as it was, and a set is sorted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 8 }), (arcs) => {
        const bytes = objectId(['1', '3', ...arcs].join('.'))
        const back: number[] = []
        let value = 0
        for (const byte of bytes.subarray(3)) {
          value = value * 128 + (byte & 0x7f)
          if (byte < 0x80) back.push(value)
          if (byte < 0x80) value = 0
        }
        assert.deepEqual(back, arcs)
      }),
    )
    const [a, b] = [integer(1), integer(2)]
    assert.deepEqual(setOf(b, a), setOf(a, b))
  })
})
