import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../appliance/src/core/log.ts'
import { readSources } from '../../scripts/reference/read-code.ts'

/** Names of the fields that each line of the log is given, as they stand in the code. */
const lines = readSources('appliance/src').flatMap(({ file, text }) =>
  [...text.matchAll(/\blog\.(?:trace|debug|info|warn|error|fatal)\(\s*\{([^{}]*)\}/g)].map(([, fields = '']) => ({
    file,
    names: [...fields.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name = '']) => name),
  })),
)

test('no line of the log is given a field whose name hides its value', () => {
  assert.ok(lines.length > 20, `only ${lines.length} lines were found`)
  const hidden = lines.flatMap(({ file, names }) => {
    let written = ''
    const fields = Object.fromEntries(names.map((name) => [name, 'seen']))
    createLog({ destination: { write: (line) => void (written += line) } }).info(fields, 'A line')
    return written.includes('[hidden]') ? [`${file}: ${names.join(', ')}`] : []
  })
  assert.deepEqual(hidden, [])
})
