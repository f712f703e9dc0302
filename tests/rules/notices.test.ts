import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { readSources } from '../../scripts/reference/read-code.ts'

const fromApp = (path: string): string => readFileSync(new URL(`../../pwa/src/${path}`, import.meta.url), 'utf8')
const pages = [...fromApp('app.tsx').matchAll(/<Route path="([^"]+)"/g)].map(([, path = '']) => path)
const places = [...fromApp('pages/more/more.tsx').matchAll(/^ {2}'?([\w-]+)'?: \{\s*icon: /gm)].map(
  ([, name = '']) => name,
)

/** Addresses that a part of the server sends the owner to, as they stand in the code. */
const links = readSources('appliance/src').flatMap(({ file, text }) =>
  [...text.matchAll(/\blink\s*[:=]\s*['`](\/[^'`]*)['`]/gi)].map(([, path = '']) => ({ file, path })),
)

function isPage(path: string): boolean {
  const parts = path.split('/').slice(1)
  if (parts[0] === 'more') return parts.length === 2 && places.includes(parts[1] ?? '')
  return pages.some((page) => page.split('/')[1] === parts[0] && page.split('/').length === parts.length + 1)
}

describe('every link of a notice', () => {
  test('is found', () => assert.ok(links.length >= 3, JSON.stringify(links)))

  for (const { file, path } of links)
    test(`${path} (${file}) is a page of the app`, () => assert.ok(isPage(path), [...pages, ...places].join(' ')))
})
