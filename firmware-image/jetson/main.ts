// npm run jetson -- --l4t FOLDER --rootfs FILE --deb FILE …: docs/guide/jetson.md, step by step.
import { buildJetson } from './build.ts'
import { thisHost } from './host.ts'
import { readOptions } from './options.ts'
import { JetsonStop } from './stop.ts'

// Ctrl-C reaches the program that runs at that moment, too: its end is what stops the builder, which then clears up.
process.on('SIGINT', () => undefined)

try {
  buildJetson(thisHost(), readOptions(process.argv.slice(2)), (words) => console.log(words))
} catch (error) {
  if (!(error instanceof JetsonStop)) throw error
  console.error(error.message)
  process.exitCode = 1
}
