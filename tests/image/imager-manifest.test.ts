import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readBoard } from '../../firmware-image/image/assemble.ts'
import { imagerManifest } from '../../firmware-image/image/imager-manifest.ts'

const manifest = JSON.parse(
  imagerManifest({
    ...{ version: '1.2.3', url: 'https://example.org/lares/lares-1.2.3-rpi-arm64.img.xz' },
    ...{ extractBytes: 1_786_773_504, extractSha256: 'a'.repeat(64), downloadBytes: 300_000_000, downloadSha256: 'b'.repeat(64) },
    ...{ releaseDay: '2026-11-29', devices: readBoard().imagerDevices },
  }),
) as { os_list: Record<string, unknown>[] }

describe('the list for Raspberry Pi Imager', () => {
  it('has one system with all that Imager shows and checks', () => {
    assert.deepEqual(manifest.os_list.length, 1)
    const { description, ...entry } = manifest.os_list[0] ?? {}
    assert.match(String(description), /guardian/)
    assert.deepEqual(entry, {
      ...{ name: 'Lares 1.2.3', url: 'https://example.org/lares/lares-1.2.3-rpi-arm64.img.xz' },
      ...{ website: 'https://example.org/lares/', release_date: '2026-11-29' },
      ...{ extract_size: 1_786_773_504, extract_sha256: 'a'.repeat(64) },
      ...{ image_download_size: 300_000_000, image_download_sha256: 'b'.repeat(64) },
      ...{ devices: ['pi5-64bit', 'pi4-64bit'], init_format: 'cloudinit' },
    })
  })
})
