import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whyUnusable } from '../../appliance/src/vision/open-model.ts'

test('a model that is missing, closed to Lares or broken: three different things to do about it', () => {
  const from = 'Load model from /opt/m.onnx failed:'
  assert.match(whyUnusable(`${from}Load model /opt/m.onnx failed. File doesn't exist`), /is missing/)
  assert.match(whyUnusable(`${from}system error number 13`), /may not be read/)
  assert.match(whyUnusable(`${from}Protobuf parsing failed.`), /damaged or no ONNX model/)
  assert.match(whyUnusable(`${from}system error number 130`), /damaged/)
})
