import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { banner, type BannerInput } from '../../appliance/src/setup/index.ts'

const FINGERPRINT = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0').toUpperCase()).join(
  ':',
)
const input: BannerInput = {
  version: '1.2.3',
  homeName: 'Nest',
  name: 'lares',
  addresses: ['192.168.1.20', 'fd00::5'],
  httpsPort: 8443,
  httpPort: 80,
  fingerprint: FINGERPRINT,
  setupCode: 'K7QW-3HTX',
}

describe('the console banner', () => {
  test('before setup: addresses, fingerprint, QR and one-time code', () => {
    const text = banner(input)
    assert.match(text, /https:\/\/192\.168\.1\.20:8443\n/)
    assert.match(text, /https:\/\/\[fd00::5\]:8443\n/)
    assert.match(text, /https:\/\/lares\.local:8443\n/)
    assert.match(text, /Trust page +http:\/\/192\.168\.1\.20\n/)
    assert.match(text, /0001 0203 0405 0607 0809 0A0B 0C0D 0E0F\n +1011 1213/)
    assert.match(text, /Setup code +K7QW-3HTX\n/)
    assert.match(text, /[▀▄█]{20}/)
    assert.ok(
      text.split('\n').every((line) => Array.from(line).length <= 80),
      'fits a console of 80 columns',
    )
  })

  test('after setup: no code, no QR, the name of the home', () => {
    const text = banner({ ...input, setupCode: null })
    assert.match(text, /Lares 1\.2\.3 · Nest/)
    assert.doesNotMatch(text, /Setup code|█/)
  })

  test('a server for this machine only does not promise the .local name', () => {
    const text = banner({ ...input, addresses: ['127.0.0.1'] })
    assert.match(text, /https:\/\/127\.0\.0\.1:8443/)
    assert.doesNotMatch(text, /\.local/)
  })
})
