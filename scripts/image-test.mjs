// npm run image:test: boots the built Raspberry Pi image in an emulator and writes docs/reference/image-test.md.
// npm run image:test -- --list shows the scenarios, -- --only ID,ID or -- --from ID runs a part of them on the same card.
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'
import { FOR_IMAGE_TESTS, bringSystemPackages } from './bootstrap/system-packages.mjs'

async function testImage() {
  requireBootstrapNode()
  await bringSystemPackages(FOR_IMAGE_TESTS)
  await bringDependencies()
  const node = requireProductNode()
  await handOver(node, inRoot('tests', 'image-boot', 'main.ts'), process.argv.slice(2))
}

testImage().catch(endOn)
