import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { setupCodeSetting } from '../../appliance/src/setup/settings.ts'
import { startAccess, PASSWORD, type Access } from '../accounts/access.ts'
import { totpCode } from '../harness/setup.ts'
import { curl } from './wire.ts'

let at: Access
before(async () => {
  at = await startAccess({ tls: { mode: 'disabled' } })
})
after(() => at.stop())

/** A session belongs to the browser that opened it. */
const AGENT = { 'user-agent': 'a browser' } as const
const plain = (): string => `http://localhost:${at.httpPort}`
const post = (path: string, body: unknown, ...more: string[]) =>
  curl(
    '--dump-header',
    '-',
    '--json',
    JSON.stringify(body),
    '--header',
    `origin: ${plain()}`,
    '--user-agent',
    AGENT['user-agent'],
    ...more,
    `${plain()}${path}`,
  )
const bodyOf = (words: string): Record<string, string> =>
  JSON.parse(words.slice(words.indexOf('{'))) as Record<string, string>

describe('SEC-B1 without HTTPS', () => {
  test('there is no second port, no redirect and no trust page, and one can set up and sign in', async () => {
    assert.equal(new URL(at.origin).port, '0')
    const root = await curl('--dump-header', '-', `${plain()}/trust`)
    assert.doesNotMatch(root.words, /Does this device trust|Location:/)
    const begun = await post('/api/setup/begin', {
      ...{ setupCode: at.settings.get(setupCodeSetting), username: 'ada', displayName: 'Ada', password: PASSWORD },
    })
    assert.equal(begun.status, 200, begun.words)
    const finished = await post('/api/setup/finish', {
      ...{
        setupCode: at.settings.get(setupCodeSetting),
        code: totpCode(bodyOf(begun.words).totpSecret ?? '', at.clock.now()),
      },
      ...{ homeName: 'Home', timeZone: 'Europe/Berlin', currency: 'EUR' },
    })
    assert.equal(finished.status, 200, finished.words)
    assert.match(finished.words, /set-cookie: lares=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict/i)
    assert.doesNotMatch(finished.words, /strict-transport-security|Secure/i)
    const cookies = [...finished.words.matchAll(/set-cookie: (lares[^;]*)/gi)].map(([, cookie]) => cookie).join('; ')
    const me = await curl('--user-agent', AGENT['user-agent'], '--cookie', cookies, `${plain()}/api/me`)
    assert.equal(me.status, 200, me.words)
    const socket = new WebSocket(`ws://localhost:${at.httpPort}/api/stream`, {
      headers: { ...AGENT, cookie: cookies, origin: plain() },
    })
    const [hello] = await new Promise<[Buffer]>((resolve, reject) => {
      socket.once('message', (data: Buffer) => resolve([data]))
      socket.once('error', reject)
    })
    assert.match(hello.toString(), /"hello"/)
    socket.terminate()
  })

  test('SEC-B7 other pages change nothing here either', async () => {
    for (const origin of ['http://evil.example', `https://localhost:${at.httpPort}`, 'null']) {
      const reply = await curl('--json', '{}', '--header', `origin: ${origin}`, `${plain()}/api/session`)
      assert.equal(reply.status, 403, origin)
    }
  })

  test('behind a proxy on this machine that speaks HTTPS, cookies and origins are those of HTTPS', async () => {
    const proxied = ['--header', 'x-forwarded-proto: https', '--header', `origin: https://localhost:${at.httpPort}`]
    const reply = await curl('--json', '{"username":"ada","password":"x"}', ...proxied, `${plain()}/api/session`)
    assert.notEqual(reply.status, 403, reply.words)
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) =>
      get(`${plain()}/api/setup`, { headers: { 'x-forwarded-proto': 'https' } }, (response) => {
        response.resume()
        resolve(response.headers)
      }).on('error', reject),
    )
    assert.match(String(headers['content-security-policy']), /wss:/)
  })
})
