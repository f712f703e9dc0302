import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { checkProvided } from '../../appliance/src/tls/provided/check-files.ts'
import { makeAuthority, type Authority, type Leaf, type LeafWish } from './authority.ts'

const NOW_MS = Date.UTC(2026, 6, 1)
let authority: Authority
let good: Leaf
before(async () => {
  authority = await makeAuthority('Test', NOW_MS)
  good = await authority.leaf({ names: ['home.example.org', '*.home.example.org', '192.168.1.20'] })
})

const judge = (certText: string, keyText: string, roots: readonly string[] = []): string => {
  const verdict = checkProvided({ certText, keyText, roots, nowMs: NOW_MS })
  return 'problem' in verdict ? verdict.problem : `good: ${verdict.certificate.names.join(' ')}`
}
const judgeLeaf = async (wish: LeafWish): Promise<string> => {
  const { certPem, keyPem } = await authority.leaf(wish)
  return judge(certPem + authority.middlePem, keyPem)
}

describe('SEC-B1 a certificate that was provided', () => {
  test('is served with its chain, and says its names', () => {
    assert.equal(
      judge(good.certPem + authority.middlePem, good.keyPem),
      'good: home.example.org *.home.example.org 192.168.1.20',
    )
    const withRoot = good.certPem + authority.middlePem + authority.rootPem
    const verdict = checkProvided({ certText: `# mine\r\n${withRoot}`, keyText: good.keyPem, roots: [], nowMs: NOW_MS })
    assert.ok('certificate' in verdict)
    assert.equal(verdict.certificate.certPem, withRoot)
  })

  test('is refused half-written, wherever it was cut', () => {
    const whole = good.certPem + authority.middlePem
    const lastLine = '-----END CERTIFICATE-----'
    const leafEnds = whole.indexOf(lastLine) + lastLine.length
    for (let length = 0; length < whole.lastIndexOf(lastLine) + lastLine.length; length += 1) {
      // Cut between the two it is a certificate without its chain: public authorities always say that there is one.
      if (length >= leafEnds && whole.slice(leafEnds, length).trim() === '') continue
      assert.doesNotMatch(judge(whole.slice(0, length), good.keyPem), /^good/, `cut at ${length}`)
    }
    for (let length = 0; length < good.keyPem.length - 2; length += 17)
      assert.match(judge(whole, good.keyPem.slice(0, length)), /still be on its way/)
    assert.match(judge(whole.slice(0, -40), good.keyPem), /ends in the middle/)
  })

  test('is refused when key and certificate do not fit, or the order is wrong', async () => {
    const other = await authority.leaf()
    assert.match(judge(good.certPem, other.keyPem), /do not belong together/)
    assert.match(judge(authority.middlePem + good.certPem, good.keyPem), /wrong order/)
    assert.match(judge(good.certPem + authority.rootPem + authority.middlePem, good.keyPem), /did not sign it/)
    assert.match(judge(good.certPem + other.certPem, good.keyPem), /may not sign other/)
    assert.match(judge(good.certPem, 'hello'), /no private key/)
    assert.match(judge('hello', good.keyPem), /no certificate/)
    const locked = createPrivateKey(good.keyPem).export({
      ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    })
    assert.match(judge(good.certPem, String(locked)), /passphrase/)
  })

  test('is refused without its chain where there is one, but not where nobody speaks of one', async () => {
    const public_ = await authority.leaf({ says: true })
    assert.match(judge(public_.certPem, public_.keyPem), /not complete: the certificate of Test middle/)
    assert.match(judge(public_.certPem, public_.keyPem, [authority.middlePem]), /^good/)
    assert.match(judge(good.certPem, good.keyPem), /^good/)
  })

  test('is refused for its dates, its names, its purpose and its strength', async () => {
    assert.match(await judgeLeaf({ fromDays: -90, days: 89 }), /ended on 2026-06-30/)
    assert.match(await judgeLeaf({ fromDays: 2 }), /good from 2026-07-03 on/)
    assert.match(await judgeLeaf({ names: [] }), /names no host/)
    assert.match(await judgeLeaf({ isAuthority: true }), /of an authority/)
    assert.match(await judgeLeaf({ uses: ['1.3.6.1.5.5.7.3.2'] }), /not meant for servers/)
    assert.match(await judgeLeaf({ key: 'rsa-1024' }), /has 1024 bits/)
    assert.match(await judgeLeaf({ key: 'ed25519' }), /do not take \(ed25519\)/)
    assert.match(await judgeLeaf({ hash: 'SHA-1' }), /SHA-?1/i)
    assert.match(await judgeLeaf({ key: 'rsa-2048' }), /^good/)
  })
})
