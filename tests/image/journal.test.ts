import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { OVERLAY, ownFolder, runScript, standIns, without } from './places.ts'

const script = (name: string): string => join(OVERLAY, 'usr/lib/lares-os', name)

/** A journal of one line an hour; a cursor file makes it print only what is new, as the real one does. */
const JOURNALCTL = `
for word in "$@"; do case $word in
  --cursor-file=*) cursor=\${word#*=} ;;
  --after-cursor=*) from=\${word#*=} ;;
esac; done
[ -n "\${cursor:-}" ] && [ -s "$cursor" ] && from=$(cat "$cursor")
tail -n +$((\${from:-0} + 1)) "$JOURNAL"
[ -z "\${cursor:-}" ] || wc -l < "$JOURNAL" > "$cursor"`

function makeBox(t: TestContext, limitKb = '32768') {
  const folder = ownFolder(t)
  const [kept, journal, run] = ['kept', 'journal', 'run'].map((name) => join(folder, name)) as [string, string, string]
  mkdirSync(run)
  const bin = standIns(folder, { journalctl: JOURNALCTL })
  const env = { PATH: `${bin}:${process.env.PATH}`, KEPT: kept, RUN: run, JOURNAL: journal, LIMIT_KB: limitKb }
  let now = 0
  return {
    kept,
    log: (text: string) => writeFileSync(journal, text, { flag: 'a' }),
    // Each at its own second: the name of a file is its time.
    keep: () => {
      const clock = standIns(folder, { date: `echo 20261129T00000${now++}Z` })
      assert.ok(clock)
      const { status, stderr } = runScript(script('keep-journal'), [], env)
      assert.equal(status, 0, stderr)
    },
    export: () => runScript(script('export-journal'), [], env).stdout,
  }
}

describe('what was logged', { skip: without('zstd') }, () => {
  it('is kept piece by piece, and printed whole with what is new', (t) => {
    const box = makeBox(t)
    box.log('one\ntwo\n')
    box.keep()
    box.log('three\n')
    box.keep()
    box.log('four\n')
    assert.equal(readdirSync(box.kept).length, 2)
    assert.equal(box.export(), 'one\ntwo\nthree\nfour\n')
  })

  it('is printed too before anything was kept', (t) => {
    const box = makeBox(t)
    box.log('one\n')
    assert.equal(box.export(), 'one\n')
  })

  it('stays within its room: the oldest goes first, the newest never', (t) => {
    const box = makeBox(t, '100')
    for (const name of ['first', 'second', 'third']) {
      const noise = Array.from({ length: 1200 }, () => Math.random().toString(36)).join('')
      box.log(`${name} ${noise}\n`)
      box.keep()
    }
    const files = readdirSync(box.kept)
    const kb = files.reduce((sum, file) => sum + statSync(join(box.kept, file)).size, 0) / 1024
    assert.ok(kb <= 100 && files.length >= 1, `${files.length} files, ${kb} KB`)
    assert.match(box.export(), /^third|\nthird/)
    const tiny = makeBox(t, '1')
    tiny.log(`only ${'x'.repeat(100)}\n`)
    tiny.keep()
    assert.equal(readdirSync(tiny.kept).length, 1)
  })
})
