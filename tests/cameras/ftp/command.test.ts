import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createLineReader, LONGEST_LINE_BYTES, parseCommand } from '../../../appliance/src/cameras/ftp/command.ts'
import { pasvNumbers, plainAddress } from '../../../appliance/src/cameras/ftp/data-connection.ts'
import { resolveParts } from '../../../appliance/src/cameras/ftp/paths.ts'

const parse = (line: string) => parseCommand(Buffer.from(line))

describe('a command of FTP', () => {
  it('is a verb and what follows the first space', () => {
    assert.deepEqual(parse('stor a b.jpg\r'), { verb: 'STOR', argument: 'a b.jpg' })
    assert.deepEqual(parse('NOOP'), { verb: 'NOOP', argument: '' })
    assert.deepEqual(parseCommand(Buffer.from([0xff, 0xf4, 0xff, 0xf2, ...Buffer.from('ABOR')])), {
      ...{ verb: 'ABOR', argument: '' },
    })
  })

  it('has nothing in it that cannot be seen', () => {
    for (const line of ['STOR a\0b', 'USER a\u001b[2J', 'ST', 'STORE x', '', ' STOR x', 'MKD a\u2028b', 'USER a\rb'])
      assert.equal(parse(line), null, JSON.stringify(line))
    assert.equal(parseCommand(Buffer.from([...Buffer.from('STOR '), 0xc3, 0x28])), null)
  })

  it('never throws and never lets control characters through, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const command = parseCommand(bytes)
        // eslint-disable-next-line no-control-regex -- they are what is looked for
        assert.ok(command === null || (/^[A-Z]{3,4}$/.test(command.verb) && !/[\u0000-\u001f]/.test(command.argument)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is the same however the network cuts it into pieces', () => {
    const text = Buffer.from('USER a\r\nPASS b\nNOOP\r\n')
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 30, maxLength: 30 }), (sizes) => {
        const reader = createLineReader()
        const lines: string[] = []
        let at = 0
        for (const size of sizes) {
          for (const line of reader.push(text.subarray(at, at + size))) lines.push(parseCommand(line)?.verb ?? '?')
          at += size
        }
        assert.deepEqual(lines, ['USER', 'PASS', 'NOOP'])
      }),
    )
  })

  it('ends when it grows too long, and drops what was said before TLS', () => {
    assert.throws(() => createLineReader().push(Buffer.alloc(LONGEST_LINE_BYTES + 1, 65)), RangeError)
    const reader = createLineReader()
    reader.push(Buffer.from('PASS sec'))
    reader.clear()
    assert.deepEqual(
      reader.push(Buffer.from('NOOP\r\n')).map((line) => Buffer.from(line).toString()),
      ['NOOP\r'],
    )
  })
})

describe('a path of FTP', () => {
  const cases: [from: string[], said: string, parts: string[] | null][] = [
    [[], 'a.jpg', ['a.jpg']],
    [['2026'], '11/28', ['2026', '11', '28']],
    [['2026'], '/x', ['x']],
    [[], '../../../etc', ['etc']],
    [['a'], '..', []],
    [['a'], './/b/../c', ['a', 'c']],
    [[], '.hidden', null],
    [[], 'a\\b', null],
    [[], 'c:', null],
    [[], `${'x'.repeat(200)}.jpg`, null],
    [[], 'a/b/c/d/e/f/g/h/i', null],
    [[], 'Straße 2026.jpg', ['Straße 2026.jpg']],
  ]
  for (const [from, said, parts] of cases) {
    it(`${JSON.stringify(said)} from /${from.join('/')}`, () => assert.deepEqual(resolveParts(from, said), parts))
  }

  it('never leads above the home', () => {
    const piece = fc.constantFrom('..', '.', '', 'a', 'b.jpg', '...', '.x', '\\', '~')
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
        (said, from) => {
          const parts = resolveParts(from, said.join('/'))
          assert.ok(
            parts === null || parts.every((part) => part !== '' && !part.startsWith('.') && !/[\\/]/.test(part)),
          )
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('tells addresses and ports as PASV does', () => {
    assert.equal(pasvNumbers('192.168.1.5', 50_001), '192,168,1,5,195,81')
    assert.equal(pasvNumbers('fd00::1', 50_001), null)
    assert.equal(plainAddress('::ffff:10.0.0.3'), '10.0.0.3')
  })
})
