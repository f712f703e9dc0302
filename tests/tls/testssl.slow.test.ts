import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startAccess, type Access } from '../accounts/access.ts'
import { makeAuthority } from './authority.ts'

const PROGRAM = '/usr/bin/testssl'
const LIMIT_MS = 420_000
const NAME = 'home.example.org'
const skip = existsSync(PROGRAM) ? false : 'skipped: no testssl (Debian package testssl.sh)'

interface Finding {
  id: string
  severity: string
  finding: string
}

/** Harmless kinds; everything else lowers a grade. */
const FINE: ReadonlySet<string> = new Set(['OK', 'INFO'])
const EXCUSED: Readonly<Record<string, string>> = {
  engine_problem:
    'About the openssl that testssl.sh itself asks with, which has no Russian ciphers; not about the server.',
  cert_revocation: 'nobody can ask a private authority, and the test authority has no list either',
  BREACH: 'only files of the app are packed for strangers; they hold no secret',
  HSTS: 'never promised for a bare address; under the public name it is, which is looked at below',
  sessionresumption_ticket: 'how testssl itself asks for a second connection under load',
}

let at: Access
let folder: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lares-testssl-'))
  const authority = await makeAuthority()
  const { certPem, keyPem } = await authority.leaf({ names: [NAME] })
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const certPath = write('cert.pem', certPem + authority.middlePem)
  write('index.html', '<!doctype html><title>Lares</title>')
  at = await startAccess({ tls: { mode: 'provided', certPath, keyPath: write('key.pem', keyPem) }, staticDir: folder })
  write('root.pem', authority.rootPem)
  write('home.pem', at.tls.rootPem())
})
after(async () => {
  await at.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the real testssl.sh; nothing of it leaves this machine. Every finding, by id. */
async function scan(root: string, target: string, ...checks: string[]): Promise<Map<string, Finding>> {
  const file = join(folder, `${root}.json`)
  const quiet = ['--quiet', '--warnings', 'off', '--color', '0', '--nodns', 'none']
  const patience = ['--connect-timeout', '20', '--openssl-timeout', '20']
  const args = [...quiet, ...patience, '--add-ca', join(folder, root), '--jsonfile', file, ...checks, target]
  await new Promise<void>((resolve, reject) => {
    // Its exit status counts findings.
    execFile(PROGRAM, args, { timeout: LIMIT_MS, maxBuffer: 8e6 }, (error, stdout) =>
      error?.killed ? reject(new Error(`testssl took too long:\n${stdout.slice(-2_000)}`)) : resolve(),
    )
  })
  const findings = JSON.parse(readFileSync(file, 'utf8')) as Finding[]
  return new Map(findings.map((finding) => [finding.id, finding]))
}

const lowering = (findings: ReadonlyMap<string, Finding>): string[] =>
  [...findings.values()]
    .filter(({ id, severity }) => !FINE.has(severity) && !(id.replace(/ .*/, '') in EXCUSED))
    .map(({ id, severity, finding }) => `${severity} ${id}: ${finding}`)

describe('SEC-B1 testssl.sh', { skip }, () => {
  test('finds nothing that lowers the grade under the public name', async () => {
    const port = Number(new URL(at.origin).port)
    const findings = await scan('root.pem', `${NAME}:${port}`, '--ip', '127.0.0.1', '-p', '-s', '-f', '-S', '-h', '-U')
    assert.deepEqual(lowering(findings), [])
    // That it looked at all.
    for (const id of ['TLS1_2', 'TLS1_3', 'PFS', 'heartbleed', 'LUCKY13', 'cert_chain_of_trust'])
      assert.equal(findings.get(id)?.severity, 'OK', `${id} ${JSON.stringify(findings.get(id))}`)
    assert.match(findings.get('HSTS_time')?.finding ?? '', /365 days/)
  })

  test('nor with the private certificate, by address', async () => {
    const findings = await scan('home.pem', new URL(at.origin).host, '-S')
    assert.deepEqual(lowering(findings), [])
    assert.equal(findings.get('cert_trust')?.severity, 'OK', JSON.stringify([...findings.values()]))
  })
})
