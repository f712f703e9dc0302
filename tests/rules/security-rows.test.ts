import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readProofs, rowsIn, SECURITY_ROWS } from '../../scripts/reference/security-rows.ts'

/** Sections that are built: each of their rows must have a test. */
const BUILT = [
  ...Array.from({ length: 14 }, (_, index) => `A${index + 1}`),
  ...['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'C1', 'C2', 'C4', 'C5', 'C6', 'C9', 'E1', 'E2', 'F3', 'F4', 'F5'],
]

describe('rows of the security requirements', () => {
  test('that are built have a test that carries their id', () => {
    const proofs = readProofs()
    assert.deepEqual(
      BUILT.filter((row) => !proofs.has(row)),
      [],
    )
  })

  test('that tests name exist', () => {
    const unknown = [...readProofs().keys()].filter((row) => !(row in SECURITY_ROWS))
    assert.deepEqual(unknown, [])
  })

  test('are found in titles, alone and several', () => {
    assert.deepEqual(rowsIn('SEC-A6 a refresh token works once'), ['A6'])
    assert.deepEqual(rowsIn('SEC-B7, B8 and SEC-C9 at the door'), ['B7', 'B8', 'C9'])
    assert.deepEqual(rowsIn('what A4 paper is'), [])
  })
})
