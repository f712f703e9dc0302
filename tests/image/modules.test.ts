import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { missingModules } from '../../firmware-image/image/modules.ts'
import { ownFolder } from './places.ts'

describe('the drivers that the start names', () => {
  it('are looked for among modules and what the kernel has built in, of the newest kernel', (t) => {
    const root = ownFolder(t)
    const lay = (path: string, text = ''): void => {
      mkdirSync(join(root, path, '..'), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    lay('usr/lib/modules/6.12.9-arm64/kernel/drivers/pinctrl/pinctrl-bcm2712.ko.xz')
    lay('usr/lib/modules/7.3.10-arm64/kernel/fs/ext4/ext4.ko.xz')
    lay('usr/lib/modules/7.3.10-arm64/kernel/drivers/pinctrl/bcm/pinctrl-brcmstb-bcm2712.ko.xz')
    lay('usr/lib/modules/7.3.10-arm64/modules.builtin', 'kernel/drivers/mmc/core/mmc_block.ko\n')
    lay('usr/lib/modules/7.3.9-arm64/kernel/drivers/pinctrl/pinctrl-bcm2712.ko.xz')
    lay('etc/initramfs-tools/modules', '# card\next4\nmmc_block\npinctrl_brcmstb_bcm2712\npinctrl_bcm2712\n')
    assert.deepEqual(missingModules(root), ['pinctrl_bcm2712'])
  })
})
