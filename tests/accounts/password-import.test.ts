import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  createPasswordHasher,
  isBcryptHash,
  isPasswordHash,
} from '../../appliance/src/accounts/passwords/password-hash.ts'

const PASSWORD = 'Tulpe-9-Kanone-Ofen'
/** Made by crypt(3) of Debian, not by the package that checks them here. */
const SALTED = 'abcdefghijklmnopqrstuu'
const HASHES = ['2a', '2b', '2y'].map((kind) => `$${kind}$04$${SALTED}RaRUioPMgli.luhd/2hahHzZswp8K5a`)
const UMLAUTS = `$2b$04$${SALTED}xX6lzKQSN/h2xZ59cjhXkJi6txJkvZi`

describe('SEC-A3 password hashes of other systems', () => {
  const hasher = createPasswordHasher()

  test('bcrypt of all three kinds is understood; another password is not', async () => {
    for (const hash of HASHES) {
      assert.ok(isBcryptHash(hash))
      assert.equal(await hasher.verify(PASSWORD, hash), true, hash)
      assert.equal(await hasher.verify(`${PASSWORD}!`, hash), false, hash)
    }
    assert.equal(await hasher.verify('Öfen-9-Tülpe!', UMLAUTS), true)
  })

  test('what would take minutes, or is no hash at all, is refused before any work', async () => {
    const tooDear = HASHES.map((hash) => hash.replace('$04$', '$16$'))
    const older = [`$2$04$${SALTED}RaRUioPMgli.luhd/2hahHzZswp8K5a`, `$2x$04$${SALTED}RaRUioPMgli.luhd/2hahHzZswp8K5a`]
    const broken = [
      '',
      '$2b$04$',
      `${HASHES[0] ?? ''}x`,
      `${HASHES[0] ?? ''}\n`,
      '{SSHA}x',
      '5f4dcc3b5aa765d61d8327deb882cf99',
    ]
    for (const hash of [...tooDear, ...older, ...broken]) {
      assert.equal(isPasswordHash(hash), false, hash)
      assert.equal(await hasher.verify(PASSWORD, hash), false, hash)
    }
  })

  test('our own hashes are argon2id and never taken for bcrypt', async () => {
    const own = await hasher.hash(PASSWORD)
    assert.match(own, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.equal(isBcryptHash(own), false)
    assert.equal(isPasswordHash(own), true)
  })

  test('no text makes the reader fail', () => {
    const nearly = fc.tuple(
      fc.constantFrom('$2b$', '$2a$04$', '$argon2id$v=19$m=', '$argon2id$v=19$m=19456,t=2,p=1$'),
      fc.string(),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          nearly.map((parts) => parts.join('')),
        ),
        (text) => {
          assert.equal(typeof isPasswordHash(text), 'boolean')
        },
      ),
    )
  })
})
