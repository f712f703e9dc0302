import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newId } from '../../appliance/src/core/ids.ts'

describe('an id', () => {
  test('is a UUID of version 7 that holds its time', () => {
    const id = newId(0x0198_1234_5678)
    assert.match(id, /^01981234-5678-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.match(newId(-5), /^00000000-0000-7/)
  })

  test('sorts by time, and within a millisecond by the order of making', () => {
    const ids = [5, 5, 5, 6, 6, 7].flatMap((ms) => Array.from({ length: 300 }, () => newId(1_700_000_000_000 + ms)))
    assert.deepEqual([...ids].sort(), ids)
    assert.equal(new Set(ids).size, ids.length)
  })

  test('is no other when very many are made in one millisecond, or the clock goes back', () => {
    const many = Array.from({ length: 10_000 }, () => newId(1))
    assert.equal(new Set([...many, newId(0), newId(1)]).size, 10_002)
    for (const id of many) assert.match(id, /^00000000-0001-7/)
  })
})
