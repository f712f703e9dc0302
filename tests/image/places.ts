import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

export const IMAGE = fileURLToPath(new URL('../../firmware-image/image/', import.meta.url))
export const OVERLAY = join(IMAGE, 'overlay')

/** A folder that is gone after the test. */
export function ownFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lares-image-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Shell words in the place of programs of the box. */
export function standIns(folder: string, programs: Readonly<Record<string, string>>): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, words] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${words}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return bin
}

export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): SpawnSyncReturns<string> {
  return spawnSync('/bin/sh', [script, ...args], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })
}

/** Why a program cannot be asked, or false. */
export function without(program: string): string | false {
  const found = spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`]).status === 0
  return found ? false : `skipped: ${program} is not installed`
}
