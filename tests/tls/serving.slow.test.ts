import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { startAccess, type Access, type AccessOptions } from '../accounts/access.ts'
import { minVersion } from '../../appliance/src/tls/settings.ts'
import { makeAuthority, type Authority } from './authority.ts'
import { askOn, curl, openTls, shownUnder, until } from './wire.ts'

const NAME = 'home.example.org'
const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256
const portOf = ({ origin }: Access): number => Number(new URL(origin).port)

let folder: string
let authority: Authority
const file = (name: string): string => join(folder, name)

/** What certbot and the like do: the two files, one after the other. */
async function provide(wish: Parameters<Authority['leaf']>[0] = {}): Promise<string> {
  const { certPem, keyPem } = await authority.leaf({ names: [NAME, '*.box.example.org'], ...wish })
  writeFileSync(file('cert.pem'), certPem + authority.middlePem)
  writeFileSync(file('key.pem'), keyPem)
  return fingerprintOf(certPem)
}

const provided: AccessOptions = {}
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lares-provided-'))
  authority = await makeAuthority()
  provided.tls = { mode: 'provided', certPath: file('cert.pem'), keyPath: file('key.pem') }
})
after(() => rmSync(folder, { recursive: true, force: true }))

describe('SEC-B1 one server for several certificates', () => {
  let at: Access
  let first: string
  before(async () => {
    first = await provide()
    at = await startAccess(provided)
  })
  after(() => at.stop())
  const privateLeaf = (): string => fingerprintOf(at.tls.door?.fallback().certPem ?? '')

  test('shows the public one under its names and the private one to everybody else', async () => {
    const port = portOf(at)
    for (const name of [NAME, NAME.toUpperCase(), 'a.box.example.org'])
      assert.equal(await shownUnder(port, name), first)
    for (const name of [
      'lares.local',
      'localhost',
      'box.example.org',
      'a.b.box.example.org',
      'evil.example',
      undefined,
    ])
      assert.equal(await shownUnder(port, name), privateLeaf(), name)
    const socket = await openTls(port, { servername: NAME })
    const chain = socket.getPeerCertificate(true)
    assert.match(String(chain.issuerCertificate.subject.CN), /middle/)
    socket.destroy()
  })

  test('SEC-B6 answers to the public name, and promises HTTPS for a year there and nowhere else', async () => {
    writeFileSync(file('root.pem'), authority.rootPem)
    const ask = (name: string, ...more: string[]) =>
      curl(
        '--cacert',
        file('root.pem'),
        '--resolve',
        `${name}:${portOf(at)}:127.0.0.1`,
        '--dump-header',
        '-',
        ...more,
        `https://${name}:${portOf(at)}/api/setup`,
      )
    const publicly = await ask(NAME)
    assert.equal(publicly.status, 200, publicly.words)
    assert.match(publicly.words, /strict-transport-security: max-age=31536000; includeSubDomains/i)
    writeFileSync(file('home.pem'), at.tls.rootPem())
    const home = await ask('lares.local', '--cacert', file('home.pem'))
    assert.equal(home.status, 200, home.words)
    assert.doesNotMatch(home.words, /strict-transport/i)
    assert.equal((await ask('evil.example', '--insecure')).status, 421)
    const post = await ask(NAME, '--header', `origin: https://${NAME}:${portOf(at)}`, '--json', '{}')
    assert.doesNotMatch(post.words, /FOREIGN_ORIGIN/, 'its own pages may change something')
  })

  test('SEC-B4 swaps under 200 open connections, and drops none', async () => {
    const port = portOf(at)
    const sockets: TLSSocket[] = []
    for (let count = 0; count < 200; count++)
      sockets.push(await openTls(port, { servername: count % 2 === 0 ? NAME : 'lares.local' }))
    const asked = await Promise.all(sockets.map((socket) => askOn(socket)))
    assert.ok(asked.every((line) => line === 'HTTP/1.1 200 OK'))
    const next = await provide()
    await at.clock.advance(5_000)
    await until(async () => (await shownUnder(port, NAME)) === next, 'the new certificate is shown')
    const again = await Promise.all(sockets.map((socket) => askOn(socket)))
    assert.deepEqual([...new Set(again)], ['HTTP/1.1 200 OK'])
    assert.equal(sockets.filter((socket) => socket.destroyed).length, 0)
    assert.equal(await shownUnder(port, 'lares.local'), privateLeaf())
    for (const socket of sockets) socket.destroy()
  })

  test('speaks no TLS older than 1.2, and none older than 1.3 where that is chosen, at once', async () => {
    const port = portOf(at)
    const version = async (maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> => {
      const old = { minVersion: 'TLSv1' as const, maxVersion, ciphers: 'DEFAULT@SECLEVEL=0', servername: NAME }
      const socket = await openTls(port, old).catch(() => null)
      const spoken = socket?.getProtocol() ?? null
      socket?.destroy()
      return spoken
    }
    assert.deepEqual(
      [await version('TLSv1.1'), await version('TLSv1.2'), await version('TLSv1.3')],
      [null, 'TLSv1.2', 'TLSv1.3'],
    )
    await at.settings.set(minVersion, 'TLSv1.3')
    assert.deepEqual([await version('TLSv1.2'), await version('TLSv1.3')], [null, 'TLSv1.3'])
    await at.settings.set(minVersion, 'TLSv1.2')
    assert.equal(await version('TLSv1.2'), 'TLSv1.2')
  })
})

describe('SEC-B1 files that somebody else writes', () => {
  let at: Access
  const raised = new Map<string, string>()
  const notices = {
    raise: ({ id, detail }: { id: string; detail: string }): void => void raised.set(id, detail),
    clear: (id: string): void => void raised.delete(id),
  }
  const ID = 'certificate-provided'
  /** The watch of files looks every five seconds, and once more before it believes what it sees. */
  const look = async (isSo: () => boolean | Promise<boolean>, what: string): Promise<void> => {
    for (let looks = 0; !(await isSo()); looks++) {
      assert.ok(looks < 40, `never seen: ${what}`)
      await at.clock.advance(5_000)
      await soon(25)
    }
  }
  const told = (words: RegExp) => look(() => words.test(raised.get(ID) ?? ''), String(words))

  test('a bad new file keeps the old certificate and tells why; a good one is taken by itself', async (context) => {
    const first = await provide()
    at = await startAccess({ ...provided, notices })
    context.after(() => at.stop())
    const shown = (): Promise<string> => shownUnder(portOf(at), NAME)
    assert.equal(await shown(), first)

    const { certPem } = await authority.leaf({ names: [NAME] })
    writeFileSync(file('cert.pem'), certPem.slice(0, 300))
    await at.clock.advance(5_000)
    assert.equal(raised.has(ID), false, 'a file that has just changed may still be on its way')
    await told(/ends in the middle.*The one before it is still served/)
    assert.equal(await shown(), first)
    writeFileSync(file('cert.pem'), certPem)
    await told(/do not belong together/)
    rmSync(file('key.pem'))
    await told(/key\.pem is not there/)
    assert.equal(await shown(), first)

    const next = await provide()
    await look(async () => (await shown()) === next, 'the good one is shown')
    await look(() => !raised.has(ID), 'the notice is gone')
  })

  test('a start in the middle of a copy serves the last good pair, and without one the private certificate', async (context) => {
    const good = await provide()
    at = await startAccess(provided)
    assert.equal(await shownUnder(portOf(at), NAME), good)
    await until(() => readable(join(at.dataDir, 'tls', 'provided.pem')), 'the copy is written')
    await at.stopServer()
    writeFileSync(file('cert.pem'), '')
    const again = await startAccess({ ...provided, again: at })
    assert.equal(await shownUnder(portOf(again), NAME), good)
    await again.stop()
    const other = await startAccess({ ...provided, notices })
    context.after(() => other.stop())
    assert.equal(await shownUnder(portOf(other), NAME), fingerprintOf(other.tls.door?.fallback().certPem ?? ''))
  })
})

function readable(path: string): boolean {
  try {
    return readFileSync(path).length > 0
  } catch {
    return false
  }
}
