import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countryOptions, likelyCountry } from '../../pwa/src/pages/network/countries.ts'

const CODES = ['AT', 'DE', 'US']

test('the country: what the box was told, else what the phone speaks, else somebody has to say', () => {
  assert.equal(likelyCountry(CODES, 'AT', ['de-DE']), 'AT')
  assert.equal(likelyCountry(CODES, null, ['en', 'de-DE', 'en-US']), 'DE')
  assert.equal(likelyCountry(CODES, null, ['zh-Hant-TW', 'en-US']), 'US', 'only one that the box knows')
  assert.equal(likelyCountry(CODES, 'ZZ', ['en']), '')
})

test('countries stand in the order of their names', () => {
  assert.deepEqual(
    countryOptions(['US', 'DE', 'AT']).map(({ label }) => label),
    ['Austria', 'Germany', 'United States'],
  )
})
