import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readEvents, readSources } from '../../scripts/reference/read-code.ts'

const FEWEST_LISTENERS = 2

const events = readEvents()
const server = readSources('appliance/src')
const app = readSources('pwa/src')

/** Places that call `.emit('name'` or `.on('name'`. */
function placesOf(verb: 'emit' | 'on', name: string): string[] {
  const call = new RegExp(`\\.${verb}\\(\\s*'${name.replaceAll('.', '\\.')}'`, 'g')
  return server.flatMap(({ file, text }) => [...text.matchAll(call)].map(() => file))
}

/** The stream is one listener; what the app does with it is another. */
function listenersOf(name: string, isStreamed: boolean): string[] {
  const inApp = app.filter(({ text }) => text.includes(`'${name}'`)).map(({ file }) => file)
  return [...placesOf('on', name), ...(isStreamed ? ['/api/stream', ...inApp] : [])]
}

describe('every event', () => {
  test('is found', () => assert.ok(events.length >= 9, `only ${events.length} events were found in events.ts`))

  for (const { name, permission, words } of events) {
    test(`${name} is emitted somewhere`, () => assert.notDeepEqual(placesOf('emit', name), []))

    test(`${name} has at least ${FEWEST_LISTENERS} listeners: with one, a call would do`, () => {
      const listeners = listenersOf(name, permission !== undefined)
      assert.ok(listeners.length >= FEWEST_LISTENERS, `listeners: ${listeners.join(', ') || 'none'}`)
    })

    test(`${name} is in the past tense and says when`, () => {
      assert.match(name, /^[a-z-]+\.([a-z]+-)?[a-z]+ed$/)
      assert.notEqual(words, '', `write a comment above '${name}' in events.ts`)
    })
  }

  test('that is emitted or listened to is declared', () => {
    const declared = new Set(events.map(({ name }) => name))
    const used = server.flatMap(({ text }) =>
      [...text.matchAll(/\bbus\.(?:emit|on)\(\s*'([^']+)'/g)].map(([, name = '']) => name),
    )
    assert.deepEqual(
      [...new Set(used)].filter((name) => !declared.has(name)),
      [],
    )
  })
})
