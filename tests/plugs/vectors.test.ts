// Numbers that other implementations computed (facts of 2026-11-21): ours must come to the same.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EMPTY_PROBE, encodeTdp, hasGoodChecksum } from '../../appliance/src/plugs/discovery/tdp-codec.ts'
import {
  klapAuth,
  klapClientHash,
  klapKeys,
  klapOpen,
  klapSeal,
  klapServerHash,
  nextSequence,
} from '../../appliance/src/plugs/transports/klap-crypto.ts'
import { spake2PlusProver } from '../../appliance/src/plugs/transports/spake2plus.ts'
import {
  minimalBytes,
  passwordNumbers,
  randomScalar,
  tpapKeys,
  tpapOpen,
  tpapProver,
  tpapSeal,
} from '../../appliance/src/plugs/transports/tpap-crypto.ts'
import { spake2PlusVerifier } from '../fakes/tplink-emulator/spake-verifier.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const counting = (from: number, count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, i) => from + i))
const QUESTION = '{"method":"get_device_info"}'

const KLAP = [
  {
    version: 1,
    auth: '9d6ce791ce44316e9e52fc1bc9d36496',
    serverHash: 'c2d456076f946c707000874d2e226a1c09e89a21e459272b8ec0f01cdaf774cf',
    clientHash: '50ef3325d42cd7c999aa9e47e8cb0f8a7f6f239f1d51b39d46d581a4bb75c8c5',
    key: 'c5d896030359050e711d402b829b53cd',
    iv: '3dcdd2bc7801fec3a7a7eb96',
    sequence: -59551828,
    signatureKey: '4617dcf442a7c0101e3e8bdcfee6978938be30821c84b70c71571fab',
    body: '99249a3b0d2529d57375e5d45be6368cd24bebe671ce091a4951ed5cba21c7d0cb821eba3e3908e01fc31481ca7fc75135b1e254ce8df739e2d8ed3d898b1807',
  },
  {
    version: 2,
    auth: 'b039216532fc844e9ae0cc8fe3ea911c9ba09c641bb96a3e1f776d93f7b5ae9b',
    serverHash: '8ed3b905e654fbee23900d0244156a33029c025b71b03bfcc601eff33aaebb70',
    clientHash: '1e590e7a4dc128da48ed17e06fe23ddb6ec646bb6da2eb00708d590f194201d7',
    key: '35dcf29cd535ce140a239c67f641d395',
    iv: '863e09a70667472d3fa152a4',
    sequence: -903964344,
    signatureKey: '777443e2fdd5cb21052633a60e830f44c8654b3a701f449231ed11fa',
    body: '81da24b0a1db4c9ec2fd895b347d416921d7f7a822457b501a52072e5f9acebf1119b459358000bec16c976ef226a249c491bf18064c9319a51d85792116a683',
  },
] as const

for (const vector of KLAP) {
  test(`KLAP ${vector.version}: every number of a session is what another implementation computed`, () => {
    const { version } = vector
    const [local, remote] = [counting(0, 16), counting(16, 16)]
    const auth = klapAuth(version, 'user@example.com', 'secret')
    assert.equal(auth.toString('hex'), vector.auth)
    assert.equal(klapServerHash(version, local, remote, auth).toString('hex'), vector.serverHash)
    assert.equal(klapClientHash(version, local, remote, auth).toString('hex'), vector.clientHash)
    const keys = klapKeys(local, remote, auth)
    assert.equal(keys.key.toString('hex'), vector.key)
    assert.equal(keys.iv.toString('hex'), vector.iv)
    assert.equal(keys.firstSequence, vector.sequence)
    assert.equal(keys.signatureKey.toString('hex'), vector.signatureKey)
    const sequence = nextSequence(keys.firstSequence)
    assert.equal(klapSeal(keys, sequence, QUESTION).toString('hex'), vector.body)
    assert.equal(klapOpen(keys, sequence, hex(vector.body)), QUESTION)
  })
}

test('KLAP: any text comes back; an answer to a neighbouring question is refused, not read with a wrong letter in it', () => {
  const keys = klapKeys(counting(0, 16), counting(16, 16), counting(1, 32))
  assert.equal(nextSequence(2_147_483_647), -2_147_483_648)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer(), (text, number) => {
      const sequence = number | 0
      const sealed = klapSeal(keys, sequence, text)
      assert.equal(klapOpen(keys, sequence, sealed), text)
      assert.equal(klapOpen(keys, (sequence + 1) | 0, sealed), null)
      assert.equal(klapOpen(keys, (sequence - 2) | 0, sealed), null)
    }),
  )
})

test('KLAP and TPAP: random bytes are no answer and no crash', () => {
  const klap = klapKeys(counting(0, 16), counting(16, 16), counting(1, 32))
  const tpap = tpapKeys(counting(3, 32))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer(), (bytes, number) => {
      const opened = klapOpen(klap, number | 0, bytes)
      assert.ok(opened === null || typeof opened === 'string')
      assert.equal(tpapOpen(tpap, number >>> 0, Buffer.from(bytes)), null)
    }),
  )
})

const TPAP = [
  {
    name: 'w0 of 32 bytes',
    salt: '2bc990059473448e6ebd442aa16bfaa0',
    w0: '9948fa82d373635ac1e1ddfb9fab7ae3061abc91c5aefa1ec5a1c5b7fb28920c',
    deviceShare:
      '0428b6b60b0675d9650832eb6b73373f36295300f55009788e764da94af7172c38752202dea3533680c88de8b05599598d7b1dbbd9d304bf4c8dc099c64259a0ed',
    share:
      '0433479a544c49eeff5817fa3957fa77932aa5aa4cda646b9206ad84b2f3a48254120e727a2f75ef4116591b2f7ef66cc8b492959ec4b484204517980f7fdb44cb',
    confirm: '1fdb513513202782ec8c7155bb55a2283126f9f4783f3ca14e5980b912b4c31c',
    peerConfirm: 'cf765e2a952fcd22a68a7aa828c0b471f69641b865681b400e03714d3bb5fa60',
    sharedKey: '7f8b4cabeb96a5cfdc73d1a64cb67c76a4f3145a98df1e353def6f4779b744e1',
    key: '9ba7205e9a0fd439db8e1dff4dcbb9a2',
    nonce: 'bb0fa7ae48afbae069e170f0',
    body: '000000076702344b14e34f0a0739ee88efca5cc140e2989610d8bbb37959a18e2dbe083e23a52db7cd9224659f51f915',
  },
  {
    name: 'w0 of 31 bytes with its top bit set',
    salt: '0222260676ed98755ccd7ba2d3c138bb',
    w0: 'd43691d8670fc952e7128dc1929728a949f8c10ac41985e09fa4987260be7e',
    deviceShare:
      '04c485309b163859b3cb2d8ff2b60668d00e840c7a56b2bb83d1b7d832ce8c0f8bed5f8a67d52c638e607f00320fee372a750ba2a03938f928741d6c1311893573',
    share:
      '043f898ba137fddb2db5df95550a9c5c23474d926ee28358d3183280d4d7c3f59f74d8654332e542dedfc16f4cea75ad914afeb9e27674f678a5ae4dc24386b4b7',
    confirm: 'bf1c9d2539a62731af4db6f70914887d022b6fa3bde320d3fa209b89f4fb4bf0',
    peerConfirm: 'ebd2b94d76f851095ba59f6ed5a6d42934568c48b10782b838fc9a20fb41f029',
    sharedKey: 'a526e0083fd4857ed1d5d0227ddf8a1f23b335434d2a53edd0da289cbdaa3520',
    key: '55ec96d9be20c4af93e77fcf09e8fc68',
    nonce: '8fb27d755ef36caca7e7031c',
    body: '00000007fb1467955aba186b9444a5393106255377c767f5a7b8d3d6f3e66e453d93056df5961064f0d6d81e1b3920a4',
  },
] as const

for (const vector of TPAP) {
  test(`TPAP, ${vector.name}: every number of a login is what another implementation computed`, async () => {
    const secret = 'e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4'
    const { w0, w1 } = await passwordNumbers(secret, hex(vector.salt), 1_000)
    assert.equal(w0.toString(16), vector.w0)
    const proof = tpapProver({
      ...{ w0, w1, userRandom: counting(0, 32), deviceRandom: counting(32, 32), deviceShare: hex(vector.deviceShare) },
      x: BigInt('0x1122334455667788990011223344556677889900112233445566778899001122'),
    })
    assert.ok(proof)
    assert.equal(proof.share.toString('hex'), vector.share)
    assert.equal(proof.confirm.toString('hex'), vector.confirm)
    assert.equal(proof.peerConfirm.toString('hex'), vector.peerConfirm)
    assert.equal(proof.sharedKey.toString('hex'), vector.sharedKey)
    const keys = tpapKeys(proof.sharedKey)
    assert.equal(keys.key.toString('hex'), vector.key)
    assert.equal(keys.nonce.toString('hex'), vector.nonce)
    assert.equal(tpapSeal(keys, 7, QUESTION).toString('hex'), vector.body)
    assert.equal(tpapOpen(keys, 7, hex(vector.body)), QUESTION)
    assert.equal(tpapOpen(keys, 8, hex(vector.body)), null)
  })
}

test('SPAKE2+: the numbers of RFC 9383, appendix C, on both sides', () => {
  const w0 = BigInt('0xbb8e1bbcf3c48f62c08db243652ae55d3e5586053fca77102994f23ad95491b3')
  const w1 = BigInt('0x7e945f34d78785b8a3ef44d0df5a1a97d6b3b460409a345ca7830387a74b1dba')
  const x = BigInt('0xd1232c8e8693d02368976c174e2088851b8365d0d79a9eee709c6a05a2fad539')
  const y = BigInt('0x717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3')
  const context = Buffer.from('SPAKE2+-P256-SHA256-HKDF-SHA256-HMAC-SHA256 Test Vectors')
  const fixed = (value: bigint): Buffer => hex(value.toString(16).padStart(64, '0'))
  const ids = { context, idProver: 'client', idVerifier: 'server' }
  const { share: peerShare } = spake2PlusVerifier({ w0, w1, y, transcript: null })
  const ours = spake2PlusProver({ ...ids, w0, w1, x, peerShare, encodeW0: fixed })
  assert.ok(ours)
  assert.equal(ours.sharedKey.toString('hex'), '0c5f8ccd1413423a54f6c1fb26ff01534a87f893779c6e68666d772bfd91f3e7')
  assert.match(ours.confirm.toString('hex'), /^926cc713.*7527$/)
  assert.match(ours.peerConfirm.toString('hex'), /^9747bcc4.*3e68$/)
  const theirs = spake2PlusVerifier({ w0, w1, y, transcript: { ...ids, peerShare: ours.share, w0Bytes: fixed } })
  assert.deepEqual(theirs.sharedKey, ours.sharedKey)
  assert.deepEqual(theirs.confirm, ours.peerConfirm)
})

test('SPAKE2+: a share that is no point, or one that gives everything away, ends the login', () => {
  const base = { w0: 5n, w1: 7n, x: 11n, userRandom: counting(0, 32), deviceRandom: counting(0, 32) }
  const { share } = spake2PlusVerifier({ w0: 5n, w1: 7n, y: 13n, transcript: null })
  assert.ok(tpapProver({ ...base, deviceShare: share }))
  const bent = Buffer.from(share)
  bent.writeUInt8(bent.readUInt8(64) ^ 1, 64)
  for (const deviceShare of [bent, Buffer.alloc(0), Buffer.alloc(65, 4), Buffer.from([0])]) {
    assert.equal(tpapProver({ ...base, deviceShare }), null)
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const proof = tpapProver({ ...base, deviceShare: bytes })
      assert.ok(proof === null || proof.share.length === 65)
    }),
    { numRuns: 30 },
  )
})

test('TPAP: numbers go into the transcript in their shortest form', () => {
  assert.equal(minimalBytes(0x7fn).toString('hex'), '7f')
  assert.equal(minimalBytes(0x80n).toString('hex'), '0080')
  assert.equal(minimalBytes(0x8000n).toString('hex'), '8000')
  assert.equal(minimalBytes(0x800000n).toString('hex'), '00800000')
  for (let count = 0; count < 20; count++) assert.ok(randomScalar() > 0n)
})

test('TDP: the checksum of the call that every device knows is the one we reckon', () => {
  assert.deepEqual(encodeTdp(Buffer.alloc(0), 0, 0), EMPTY_PROBE)
  assert.ok(hasGoodChecksum(EMPTY_PROBE))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (payload, serial) => {
      const frame = encodeTdp(payload, serial)
      assert.ok(hasGoodChecksum(frame))
      frame.writeUInt8(frame.readUInt8(8) ^ 1, 8)
      assert.ok(!hasGoodChecksum(frame))
    }),
  )
})
