import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { parseDeviceTree, switchedOn } from '../image-boot/device-tree.ts'
import { initramfsNames } from '../image-boot/initramfs-names.ts'

const TREE = `/dts-v1/;
/ {
	compatible = "raspberrypi,5-model-b", "brcm,bcm2712";
	axi {
		compatible = "simple-bus";
		pcie@1000110000 {
			compatible = "brcm,bcm2712-pcie";
			status = "disabled";
			nvme: endpoint@0 {
				compatible = "pci1e4b,1602";
			};
		};
		pcie2: pcie@1000120000 {
			compatible = "brcm,bcm2712-pcie";
			ethernet@40100000 {
				compatible = "raspberrypi,rp1-gem", "cdns,macb";
				status = "okay";
			};
		};
	};
};
`

describe('The check without a boot reads device trees', () => {
  const nodes = parseDeviceTree(TREE)

  it('knows every node that says what it is, by its path', () => {
    assert.deepEqual(
      nodes.map(({ path }) => path),
      [
        '',
        '/axi',
        '/axi/pcie@1000110000',
        '/axi/pcie@1000110000/endpoint@0',
        '/axi/pcie@1000120000',
        '/axi/pcie@1000120000/ethernet@40100000',
      ],
    )
  })

  it('counts a device as switched on only with everything above it', () => {
    assert.deepEqual(
      switchedOn(nodes, 'brcm,bcm2712-pcie').map(({ path }) => path),
      ['/axi/pcie@1000120000'],
    )
    assert.equal(switchedOn(nodes, 'raspberrypi,rp1-gem').length, 1)
    assert.equal(switchedOn(nodes, 'pci1e4b,1602').length, 0)
    assert.equal(switchedOn(nodes, 'snps,dwc3').length, 0)
  })
})

/** A cpio archive ("newc") of files with a name and some bytes. */
function archive(files: Record<string, string>): Buffer {
  const parts: Buffer[] = []
  const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  for (const [name, text] of [...Object.entries(files), ['TRAILER!!!', '']] as [string, string][]) {
    const fields = [1, 0o100644, 0, 0, 1, 0, text.length, 0, 0, 0, 0, name.length + 1, 0]
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`
    parts.push(pad(Buffer.from(header)), pad(Buffer.from(text)))
  }
  return Buffer.concat(parts)
}

describe('The check without a boot reads an initramfs', () => {
  const early = Buffer.concat([archive({ 'kernel/x86/microcode': 'abc' }), Buffer.alloc(512)])
  const main = archive({ init: '#!/bin/sh', 'usr/lib/modules/7.3/kernel/fs/squashfs/squashfs.ko.xz': 'x' })
  const expected = ['kernel/x86/microcode', 'init', 'usr/lib/modules/7.3/kernel/fs/squashfs/squashfs.ko.xz']

  for (const [name, pack] of [
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
    ['not at all', (bytes: Buffer): Buffer => bytes],
  ] as const)
    it(`whose last archive is packed by ${name}`, () => {
      assert.deepEqual(initramfsNames(Buffer.concat([early, pack(main)])), expected)
    })

  it('and says so when it is packed in a way it does not know', () => {
    assert.throws(() => initramfsNames(Buffer.from('BZh9 something')), /packed in a way/)
  })
})
