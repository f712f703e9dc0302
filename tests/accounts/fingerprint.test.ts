import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fingerprintOf } from '../../appliance/src/accounts/sessions/fingerprint.ts'

const MOZILLA = 'Mozilla/5.0'
const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

const KNOWN: readonly (readonly [string, string])[] = [
  [`${MOZILLA} (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/139.0.0.0 Safari/537.36`, 'Chrome on Windows'],
  [`${MOZILLA} (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/139.0 Safari/537.36 Edg/139.0`, 'Edge on Windows'],
  [`${MOZILLA} (Linux; Android 15; Pixel 9) ${WEBKIT} Chrome/139.0.0.0 Mobile Safari/537.36`, 'Chrome on Linux'],
  [
    `${MOZILLA} (Linux; Android 15; SM-S921B) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`,
    'Samsung on Linux',
  ],
  [
    `${MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1`,
    'Safari on Apple',
  ],
  [
    `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15`,
    'Safari on Apple',
  ],
  [`${MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15`, 'Safari on Apple'],
  [`${MOZILLA} (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0`, 'Firefox on Linux'],
  ['curl/8.5.0', 'curl on unknown'],
  ['Home Assistant/2026.1 aiohttp/3.9', 'Home Assistant on unknown'],
  ['', 'unknown on unknown'],
]

test('SEC-A8 browser and system are told apart by family', () => {
  for (const [userAgent, expected] of KNOWN) assert.equal(fingerprintOf(userAgent), expected, userAgent)
})

test('SEC-A8 an update does not change it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KNOWN), fc.nat({ max: 9 }), ([userAgent, expected], digit) => {
      assert.equal(fingerprintOf(userAgent.replaceAll(/(?<=[/_. ])\d+(?=[._; )]|$)/g, String(digit + 1))), expected)
    }),
  )
})

test('SEC-A8 anything at all has one, and a short one', () => {
  fc.assert(fc.property(fc.string({ maxLength: 256 }), (text) => assert.ok(fingerprintOf(text).length <= 50)))
})
