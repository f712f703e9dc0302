import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { listeningPorts, type ChecklistFacts } from '../../appliance/src/cli/doctor/checklist/facts.ts'
import { ITEMS, LISTS } from '../../appliance/src/cli/doctor/checklist/items.ts'
import { repository } from '../harness/product.ts'

const seedFile = (name: string): string => join(repository, '..', 'shared', 'seeds', name)
const HSI = seedFile('000_4c2f0f83aeea5a44.txt')
const KM = seedFile('002_98f109fa2b0a88d2.txt')
const between = (text: string, from: string, to: string): string =>
  text.slice(text.indexOf(from), text.indexOf(to, text.indexOf(from)))
/** The pages were saved as text: backticks, line ends and spaces around code are lost or not. */
const plain = (text: string): string => text.replaceAll(/[`\s]/g, '').toLowerCase()

const GOOD: ChecklistFacts = {
  ...{ stage: 'production', debug: false, adminEnabled: false, hasAdminKey: false, tlsMode: 'self_signed' },
  ...{ certificateKey: null, corsOrigins: [], rateLimits: true, apiKeysOn: true, shortestImportedKey: null },
  people: { admins: 1, others: 2, withoutSecondFactor: 0, auditEntries: 7 },
  ...{ openFiles: [], plainSecrets: [], listening: [80, 443], firewallShut: true, automaticUpdates: true },
  ...{ hasJournal: true, hasFail2ban: true, backupAge: '7 hours old' },
}

const judged = (id: string, change: Partial<ChecklistFacts>) => {
  const item = ITEMS.find((each) => each.id === id)!
  return item.judge(item.title, { ...GOOD, ...change })
}

describe('SEC-F5 checklists that check themselves', () => {
  test(
    'have every item of the guide of Home Security Intelligence',
    { skip: !existsSync(HSI) && 'skipped: no seeds here' },
    () => {
      const text = between(readFileSync(HSI, 'utf8'), 'Security Checklist¶', 'Security Updates¶')
      const items = text
        .split('- [ ]')
        .slice(1)
        .map((each) => plain(each.split(/(?:Staging\/Testing|Production)¶/)[0] ?? ''))
      const ours = ITEMS.filter(({ id }) => id.startsWith('H')).map(({ title }) => plain(title))
      assert.equal(items.length, 24)
      assert.deepEqual(
        ours,
        items.map((each) => each.replace('.envfile', '.envfile')),
      )
    },
  )

  test('have every item of the guide of Kasa Monitor', { skip: !existsSync(KM) && 'skipped: no seeds here' }, () => {
    const text = readFileSync(KM, 'utf8')
    const first = between(text, '- Change default admin password', 'UFW (Ubuntu/Debian)')
    const regularly = between(text, '- Change default passwords', '#!/bin/bash')
    const items = (list: string): string[] =>
      list
        .split(/^- /m)
        .filter(Boolean)
        .map((each) => plain(each.replace(/^- /, '')))
    const ours = (prefix: string): string[] =>
      ITEMS.filter(({ id }) => id.startsWith(prefix)).map(({ title }) => plain(title))
    assert.deepEqual(ours('KF'), items(first))
    assert.deepEqual(ours('KR'), items(regularly))
  })

  test('number 50 items with ids of their own, in five lists', () => {
    assert.equal(new Set(ITEMS.map(({ id }) => id)).size, 50)
    assert.deepEqual([...new Set(ITEMS.map(({ list }) => list))], [...LISTS])
  })

  test('find nothing wrong where nothing is, and say honestly what they cannot see', () => {
    for (const item of ITEMS) {
      const { state, words, fix } = item.judge(item.title, GOOD)
      const isBackup = item.title === 'Backups encrypted' && state === 'warning'
      assert.ok(state === 'good' || isBackup || words.startsWith('Not for a program: do this yourself.'), item.id)
      if (state === 'warning') assert.ok(fix, item.id)
    }
  })

  const wrong: readonly [string, Partial<ChecklistFacts>, 'problem' | 'warning'][] = [
    ['HP1', { debug: true }, 'problem'],
    ['HP2', { adminEnabled: true }, 'problem'],
    ['HP3', { tlsMode: 'disabled' }, 'problem'],
    ['HS3', { people: { ...GOOD.people, withoutSecondFactor: 1 } }, 'problem'],
    ['HP6', { shortestImportedKey: 17 }, 'warning'],
    ['HP7', { openFiles: ['.env'] }, 'problem'],
    ['KF6', { backupAge: null }, 'warning'],
    ['HP8', { plainSecrets: ['API_KEYS'] }, 'warning'],
    ['HP9', { firewallShut: false }, 'warning'],
    ['HP9', { firewallShut: null }, 'warning'],
    ['HP10', { listening: [443, 5432] }, 'problem'],
    ['HP11', { listening: [6379] }, 'problem'],
    ['HP12', { listening: [8091] }, 'problem'],
    ['HP13', { corsOrigins: ['http://localhost:3000'] }, 'warning'],
    ['HS5', { corsOrigins: ['*'] }, 'problem'],
    ['HS4', { rateLimits: false }, 'problem'],
    ['HP14', { hasJournal: false }, 'warning'],
    ['KF5', { automaticUpdates: false }, 'warning'],
    ['KR2', { people: { ...GOOD.people, others: 0 } }, 'warning'],
  ]
  for (const [id, change, state] of wrong)
    test(`see what is wrong with ${id} (${Object.keys(change).join()}), and how to mend it`, () => {
      const found = judged(id, change)
      assert.equal(found.state, state)
      assert.ok(found.fix && found.fix.length > 5)
    })

  test('read from the kernel who listens to the network, loopback left out', async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'lares-ports-'))
    t.after(() => rmSync(root, { recursive: true, force: true }))
    mkdirSync(join(root, 'proc/net'), { recursive: true })
    const head = '  sl  local_address rem_address   st\n'
    const rows = (lines: readonly string[]): string =>
      head + lines.map((line, index) => `   ${index}: ${line}\n`).join('')
    writeFileSync(
      join(root, 'proc/net/tcp'),
      rows(['0100007F:1538 00000000:0000 0A', '00000000:18EB 00000000:0000 0A', '1401A8C0:1F9B 0101A8C0:0050 01']),
    )
    writeFileSync(
      join(root, 'proc/net/tcp6'),
      rows([
        '00000000000000000000000001000000:1538 00000000000000000000000000000000:0000 0A',
        '0000000000000000FFFF00000100007F:1538 00000000000000000000000000000000:0000 0A',
        '00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A',
      ]),
    )
    assert.deepEqual(await listeningPorts(root), [443, 6379])
  })
})
