import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { COLD_START, chooseBoot, requestOf } from '../../firmware-image/boot-simulator/boot-choice.ts'
import { parsePartitions } from '../../firmware-image/boot-simulator/card.ts'
import { readLoaderConfig } from '../../firmware-image/boot-simulator/loader-config.ts'

const PI4 = { board: 'pi4', tryboot: false } as const
const AB = '[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n'

describe('The loader of the boot simulator reads config.txt as a Raspberry Pi does', () => {
  it('takes what stands under no filter, and the last of two lines', () => {
    const { values } = readLoaderConfig('# words\r\narm_64bit=1\r\nkernel=a\nkernel = b \n', PI4)
    assert.deepEqual(
      [...values],
      [
        ['arm_64bit', '1'],
        ['kernel', 'b'],
      ],
    )
  })

  it('reads initramfs, which has no equals sign', () => {
    assert.equal(readLoaderConfig('initramfs initrd.img followkernel\n', PI4).initramfs, 'initrd.img')
    assert.equal(readLoaderConfig('[pi5]\ninitramfs initrd.img\n', PI4).initramfs, null)
  })

  it('lets filters of one kind replace each other, and those of different kinds hold together', () => {
    const text = '[pi5]\na=1\n[pi4]\nb=1\n[tryboot]\nc=1\n[all]\nd=1\n[none]\ne=1\n[pi4]\nf=1\n'
    assert.deepEqual([...readLoaderConfig(text, PI4).values.keys()], ['b', 'd'])
    assert.deepEqual([...readLoaderConfig(text, { board: 'pi4', tryboot: true }).values.keys()], ['b', 'c', 'd'])
    assert.deepEqual([...readLoaderConfig(text, { board: 'pi5', tryboot: true }).values.keys()], ['a', 'd'])
  })

  it('does not pretend to follow an include', () => {
    assert.throws(() => readLoaderConfig('include more.txt\n', PI4), /include more\.txt/)
    assert.doesNotThrow(() => readLoaderConfig('[pi5]\ninclude more.txt\n', PI4))
  })
})

describe('The loader of the boot simulator chooses a partition', () => {
  it('starts the default one, and the other one once on trial', () => {
    assert.deepEqual(chooseBoot(AB, COLD_START, 'pi4'), { partition: 2, configFile: 'config.txt' })
    const trial = { partition: 0, tryboot: true }
    assert.deepEqual(chooseBoot(AB, trial, 'pi4'), { partition: 3, configFile: 'config.txt' })
    const swapped = AB.replace('=2', '=x').replace('=3', '=2').replace('=x', '=3')
    assert.equal(chooseBoot(swapped, COLD_START, 'pi4').partition, 3)
    assert.equal(chooseBoot(swapped, trial, 'pi4').partition, 2)
  })

  it('tries another file on the same partition where there is no A and B', () => {
    const trial = { partition: 0, tryboot: true }
    assert.deepEqual(chooseBoot('boot_partition=2\n', trial, 'pi4'), { partition: 2, configFile: 'tryboot.txt' })
    assert.deepEqual(chooseBoot(null, trial, 'pi4'), { partition: 1, configFile: 'tryboot.txt' })
    assert.deepEqual(chooseBoot(null, COLD_START, 'pi4'), { partition: 1, configFile: 'config.txt' })
  })

  it('goes where a reboot sends it', () => {
    assert.equal(chooseBoot(AB, { partition: 3, tryboot: false }, 'pi4').partition, 3)
  })

  it('refuses an autoboot.txt that the real one would not read', () => {
    assert.throws(() => chooseBoot(`#${'x'.repeat(512)}\n${AB}`, COLD_START, 'pi4'), /512/)
    assert.throws(() => chooseBoot('boot_partition=two\n', COLD_START, 'pi4'), /two/)
  })

  it('understands what a reboot asks for, and that a reset without words asks for nothing', () => {
    assert.deepEqual(requestOf('0 tryboot'), { partition: 0, tryboot: true })
    assert.deepEqual(requestOf('3'), { partition: 3, tryboot: false })
    assert.deepEqual(requestOf(null), COLD_START)
  })
})

describe('The boot simulator reads a partition table', () => {
  it('in bytes, by number and label', () => {
    const partitions = [{ node: 'card.img1', start: 8192, size: 32768, name: 'bootcfg' }]
    const text = JSON.stringify({ partitiontable: { sectorsize: 512, partitions } })
    assert.deepEqual(parsePartitions(text), [
      { number: 1, label: 'bootcfg', offset: 4 * 1024 ** 2, size: 16 * 1024 ** 2 },
    ])
  })
})
