import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, existsSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { COLUMNS, ROWS, screen, type ScreenInput } from '../../../appliance/src/host/console/screen.ts'
import { createConsolePublisher, type ProductWords } from '../../../appliance/src/host/index.ts'
import { createFakeClock, settle } from '../../fakes/clock.ts'

const PRODUCT: ProductWords = {
  ...{ version: '0.1.0', homeName: 'Nest', name: 'lares', addresses: ['192.168.178.120', 'fd00::5'] },
  appLinks: ['https://192.168.178.120', 'https://[fd00::5]', 'https://lares.local'],
  trustPage: 'http://192.168.178.120',
  fingerprint: Array.from({ length: 32 }, (_, index) => (index + 160).toString(16).toUpperCase()).join(':'),
  setupCode: 'K7QW-3HTX',
}
const OPEN = { phase: 'open' as const, ssid: 'Lares-12AB', password: 'k7qw-3htx-ma9d' }
const NOBODY: ScreenInput = { product: null, hotspot: null, problems: [] }

/** Fits, and holds nothing that the fonts of Linux consoles (code page 437 and Latin 1) lack. */
function shown(input: ScreenInput): string {
  const text = screen(input)
  const lines = text.split('\n')
  assert.ok(lines.length < ROWS, `${String(lines.length)} lines`)
  for (const line of lines) assert.ok(Array.from(line).length < COLUMNS, line)
  assert.match(text, /^[\x20-\x7e\xa0-\xff█▀▄\n]*$/)
  return text
}

describe('the screen at the box', () => {
  test('before setup: links, fingerprint, code and picture; after it no code and no picture', () => {
    const before = shown({ ...NOBODY, product: PRODUCT })
    for (const words of ['https://192.168.178.120', 'https://lares.local', 'K7QW-3HTX', 'A0A1 A2A3'])
      assert.ok(before.includes(words), words)
    assert.match(before, /█▀▄|▄▀█|██/)
    const done = shown({ ...NOBODY, product: { ...PRODUCT, setupCode: null } })
    assert.match(done, /Nest[\s\S]*https:\/\/lares\.local[\s\S]*BEBF/)
    assert.doesNotMatch(done, /█|code/)
  })

  test('without a network it says what to do; the access point with its password and picture', () => {
    const lost = { ...PRODUCT, addresses: [], appLinks: ['https://127.0.0.1'], trustPage: 'http://127.0.0.1' }
    const cable = shown({ ...NOBODY, product: lost })
    assert.match(cable, /No network yet[\s\S]*K7QW-3HTX/)
    assert.doesNotMatch(cable, /127\.0\.0\.1|Wi-Fi/)
    assert.match(
      shown({ ...NOBODY, product: lost, hotspot: { ...OPEN, phase: 'waiting' } }),
      /opens a Wi-Fi of its own/,
    )
    const open = shown({ ...NOBODY, product: lost, hotspot: OPEN })
    assert.match(open, /Lares-12AB[\s\S]*k7qw-3htx-ma9d[\s\S]*10\.42\.0\.1/)
    assert.match(open, /██/)
    assert.match(shown({ ...NOBODY, product: lost, hotspot: { ...OPEN, phase: 'joining' } }), /Joining your Wi-Fi/)
    assert.doesNotMatch(shown({ ...NOBODY, product: PRODUCT, hotspot: OPEN }), /10\.42/, 'a cable works by now')
  })

  test('files with mistakes are named, and nothing in them is a command to the console', () => {
    const problems = [
      'lares.toml, line 6: The country is two letters, for example DE. And more words than fit one line.',
      '\u001b[31mred',
    ]
    const text = shown({
      product: { ...PRODUCT, homeName: '\u001b]0;x\u0007 Büro 家', setupCode: null },
      hotspot: null,
      problems,
    })
    assert.match(text, /! lares\.toml, line 6[\s\S]*! \?\[31mred/)
    assert.match(shown(NOBODY), /Lares is starting/)
  })
})

describe('what the product writes for it', () => {
  test('only where systemd gave it a folder; anew when something changed; away at the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lares-console-'))
    const file = join(folder, 'console.json')
    const clock = createFakeClock()
    let words = PRODUCT
    const deps = { clock, log: silentLog(), words: () => words }
    const publisher = createConsolePublisher({ ...deps, env: { RUNTIME_DIRECTORY: folder } })
    await publisher.start()
    while (!existsSync(file)) await settle()
    assert.equal(statSync(file).mode & 0o777, 0o600)
    words = { ...PRODUCT, addresses: ['10.0.0.9'], setupCode: null }
    // Files take their own time, however far the clock is moved.
    while (!readFileSync(file, 'utf8').includes('10.0.0.9')) {
      await clock.advance(3_000)
      await soon(5)
    }
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), words)
    await publisher.stop()
    assert.equal(existsSync(file), false)
    const elsewhere = createConsolePublisher({ ...deps, env: {} })
    await elsewhere.start()
    await elsewhere.stop()
    rmSync(folder, { recursive: true, force: true })
  })
})
