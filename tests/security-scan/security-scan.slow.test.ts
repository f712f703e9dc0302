import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { scanDebian } from '../../scripts/security-scan/debian.ts'
import { folderFiles, readText, repositoryFiles } from '../../scripts/security-scan/files.ts'
import { isBad, reportText, type ScanFinding } from '../../scripts/security-scan/finding.ts'
import { scanLicences, type Sbom } from '../../scripts/security-scan/licences.ts'
import { scanLockfile, type Lockfile } from '../../scripts/security-scan/lockfile.ts'
import { makeSbom } from '../../scripts/security-scan/npm.ts'
import { scanPorts } from '../../scripts/security-scan/ports.ts'
import { judgeSecrets, secretsIn, type AllowedSecret } from '../../scripts/security-scan/secrets.ts'
import { repository } from '../harness/product.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-scan-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const states = (findings: readonly ScanFinding[]): string[] => findings.map(({ state }) => state)
const read = (file: string): string => readFileSync(join(repository, file), 'utf8')
/** Planted here in halves: the scan reads this file too. */
const planted = (...parts: readonly string[]): string => parts.join('')

describe('SEC-F3 the weekly scan', () => {
  test('finds a package without checksum, from elsewhere, or with a script', () => {
    const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> }
    const lock = JSON.parse(read('package-lock.json')) as Lockfile
    assert.deepEqual(states(scanLockfile('lock', lock, allowScripts)), ['good'])
    for (const change of [
      { integrity: 'sha1-abc' },
      { resolved: 'https://evil.example/a.tgz' },
      { hasInstallScript: true },
    ]) {
      const packages = { ...lock.packages, 'node_modules/zod': { ...lock.packages['node_modules/zod'], ...change } }
      const found = scanLockfile('lock', { packages }, allowScripts)
      assert.deepEqual(states(found), ['problem'])
      assert.match(found[0]!.words, /zod/)
    }
  })

  test('finds a licence that is not on the list, none at all, and one that NOTICE does not name', () => {
    const { sbom } = makeSbom(repository)
    assert.ok(sbom.components.length > 100)
    const notice = read('NOTICE')
    assert.deepEqual(states(scanLicences(sbom, notice)), ['good'])
    const one = (id?: string): Sbom => ({
      components: [{ name: 'planted', version: '1.0.0', ...(id && { licenses: [{ license: { id } }] }) }],
    })
    assert.match(scanLicences(one('AGPL-3.0-only'), notice)[0]!.words, /AGPL-3\.0-only, which is not on the list/)
    assert.match(scanLicences(one(), notice)[0]!.words, /says no licence/)
    assert.match(scanLicences(one('MPL-2.0'), notice)[0]!.words, /not named in NOTICE/)
    assert.equal(isBad([{ name: 'x', findings: scanLicences(sbom, notice.replaceAll('web-push', '')) }]), true)
  })

  const letters = 'q8Zr2Kx0Vw7Lp4Tn9Bs1Yd6Gh3Jf5Mc'
  const secrets: readonly [string, string][] = [
    [
      'private key',
      planted('-----BEGIN ', 'PRIVATE KEY-----\n', 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg'.repeat(2)),
    ],
    ['AWS key', planted('AKI', 'AIOSFODNN7EXAMPLE')],
    ['GitHub token', planted('gh', `p_${letters}abcdefgh`)],
    ['address with a password', planted('rtsp://admin', ':Sommer2026!@camera.example.org/1')],
    ['text that looks like a secret', planted('const api', `Key = '${letters}'`)],
  ]
  for (const [kind, text] of secrets)
    test(`finds a planted ${kind}, on its line`, () => {
      const [found] = secretsIn('src/a.ts', `first\nsecond\n${text}\n`)
      assert.deepEqual([found?.kind, found?.line], [kind, 3])
      const allowed = [{ file: 'src/a.ts', id: found!.id, why: 'a test' }]
      assert.deepEqual(states(judgeSecrets('x', [found!], allowed, 1)), ['good'])
      assert.deepEqual(states(judgeSecrets('x', [], allowed, 1)), ['problem'], 'an entry that covers nothing')
    })

  test('finds none in the repository that is not allowed by name, and one that is planted in what was built', () => {
    const files = repositoryFiles(repository)
    assert.ok(files.length > 500)
    const found = files.flatMap((file) => secretsIn(file, readText(join(repository, file)) ?? ''))
    const allowed = JSON.parse(read('scripts/security-scan/allowed-secrets.json')) as AllowedSecret[]
    assert.deepEqual(
      judgeSecrets('repository', found, allowed, files.length).filter(({ state }) => state !== 'good'),
      [],
    )
    const tree = join(folder, 'tree')
    mkdirSync(join(tree, 'etc'), { recursive: true })
    writeFileSync(join(tree, 'etc/lares.conf'), `${secrets[2]?.[1] ?? ''}\n`)
    const built = folderFiles(tree).flatMap((file) => secretsIn(file, readText(join(tree, file)) ?? ''))
    assert.deepEqual(
      built.map(({ file, kind }) => [file, kind]),
      [['etc/lares.conf', 'GitHub token']],
    )
  })
})

describe('SEC-F3 what was built', () => {
  test('finds a Debian package that the security archive has newer, and says when it cannot look', () => {
    const image = join(folder, 'image')
    assert.deepEqual(states(scanDebian(image)), ['not-checked'])
    mkdirSync(join(image, 'var/lib/dpkg'), { recursive: true })
    mkdirSync(join(image, 'var/lib/apt/lists'), { recursive: true })
    const installed = (name: string, version: string): string =>
      `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n\n`
    const gone = 'Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n'
    writeFileSync(
      join(image, 'var/lib/dpkg/status'),
      installed('openssl', '3.5.1-1') + installed('zlib1g', '1:1.3-1') + gone,
    )
    assert.deepEqual(states(scanDebian(image)), ['not-checked'])
    const list = join(
      image,
      'var/lib/apt/lists/deb.debian.org_debian-security_dists_trixie-security_main_binary-arm64_Packages',
    )
    writeFileSync(
      list,
      'Package: openssl\nVersion: 3.5.1-1+deb13u1\n\nPackage: gone\nVersion: 2\n\nPackage: zlib1g\nVersion: 1:1.2-9\n',
    )
    const found = scanDebian(image)
    assert.deepEqual(
      found.map(({ words }) => words),
      ['openssl 3.5.1-1 in the image, 3.5.1-1+deb13u1 in the security archive.'],
    )
    writeFileSync(list, 'Package: openssl\nVersion: 3.5.1-1\n')
    assert.deepEqual(states(scanDebian(image)), ['good'])
  })

  test('finds a port that is open and shown nowhere, and a product that does not start', async () => {
    const script = join(folder, 'product.mjs')
    const open = (shown: string): void =>
      writeFileSync(
        script,
        `import { createServer } from 'node:net'
         const listen = () => new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => done(s.address().port)) })
         const [a, b, c] = [await listen(), await listen(), await listen()]
         console.log('https://x:' + a + ' http://x:' + b + ${shown} + ' Lares is ready')`,
      )
    open(`''`)
    const found = await scanPorts([process.execPath, script])
    assert.match(found[0]!.words, /documented nowhere/)
    open(`' http://x:' + c`)
    assert.deepEqual(states(await scanPorts([process.execPath, script])), ['good'])
    assert.match((await scanPorts([process.execPath, '--eval', '']))[0]!.words, /could not be started/)
  })

  test('shows at most twenty lines a part, and what was not looked at as such', () => {
    const many = Array.from({ length: 30 }, () => ({ state: 'not-checked' as const, words: 'x' }))
    assert.match(reportText([{ name: 'Part', findings: many }]), /· x\n {2}… and 10 more/)
    assert.equal(isBad([{ name: 'Part', findings: many }]), false)
  })
})

describe('SEC-F3 known weaknesses', () => {
  test('come from the registry’s own answer; no answer is never good', async (t) => {
    let asked: Record<string, string[]> = {}
    const registry = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        if (!request.url?.endsWith('/advisories/bulk')) return void response.writeHead(404).end('{}')
        const body = Buffer.concat(chunks)
        const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body).toString() : body.toString()
        asked = JSON.parse(text) as Record<string, string[]>
        const advisory = {
          id: 1,
          url: 'https://example.org',
          title: 'Planted',
          severity: 'high',
          vulnerable_versions: '*',
        }
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ zod: [advisory] }))
      })
    }).listen(0, '127.0.0.1')
    await once(registry, 'listening')
    t.after(() => registry.close())
    const { port } = registry.address() as { port: number }
    // Beside this process: its own server has to answer meanwhile.
    const module = join(repository, 'scripts/security-scan/npm.ts')
    const ask = async (address: string): Promise<ScanFinding[]> => {
      const code = `import('${module}').then(({ scanAudit }) => console.log(JSON.stringify(scanAudit('${repository}', '${address}'))))`
      const { spawn } = await import('node:child_process')
      const child = spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] })
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      await once(child, 'close')
      return JSON.parse(text) as ScanFinding[]
    }
    const found = await ask(`http://127.0.0.1:${port}/`)
    assert.ok(Object.keys(asked).length > 100)
    assert.ok(
      found.some(({ state, words }) => state === 'problem' && /zod .*high/.test(words)),
      JSON.stringify(found),
    )
    assert.deepEqual(states(await ask('http://127.0.0.1:1/')), ['not-checked'])
  })
})

describe('SEC-F4 SECURITY.md', () => {
  const text = read('SECURITY.md')
  const promises: readonly [string, RegExp][] = [
    ['a private address for reports', /private vulnerability reporting[\s\S]*\/security\/advisories\/new/],
    ['acknowledgement within 48 hours', /acknowledge your report\s*\|\s*48 hours/],
    ['an assessment within 7 days', /our assessment and its severity\s*\|\s*7 days/],
    ['a critical fix within 24 hours', /critical weakness\s*\|\s*24 hours/],
    ['a high one within 7 days', /high one\s*\|\s*7 days/],
    ['a medium one within 30 days', /medium one\s*\|\s*30 days/],
    ['a low one with the next window', /low one\s*\|\s*the next regular release window/],
    ['no public issue', /do not open a public issue/],
    ['what to write', /version[\s\S]*what you did, what happened[\s\S]*what it would let somebody do/],
    ['disclosure after the fix', /published advisory when the fix is out/],
  ]
  for (const [what, pattern] of promises) test(`promises ${what}`, () => assert.match(text, pattern))
})
