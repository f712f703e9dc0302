import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSecretBox } from '../../appliance/src/core/crypto.ts'

const box = createSecretBox(Buffer.alloc(32, 1))

test('what was sealed opens for its purpose only', () => {
  const sealed = box.seal('hunter2', 'camera:1')
  assert.equal(box.open(sealed, 'camera:1'), 'hunter2')
  assert.throws(() => box.open(sealed, 'camera:2'), { name: 'LaresError' })
})

test('a seal that was cut short is refused for its length, before anybody could guess the rest', () => {
  for (let bytes = 1; bytes < 16; bytes++) {
    const cut = `v1.${Buffer.alloc(bytes, 7).toString('base64url')}`
    assert.throws(
      () => box.open(cut, 'camera:1'),
      (error: Error) => /authentication tag length/.test(String(error.cause)),
    )
  }
})
