// Gives the terminal to the product: same input and output, signals passed on, its ending is ours.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { productEnvironment } from './node-version.mjs'
import { Stop } from './say.mjs'

const SIGNAL_BASE = 128

/**
 * For the product: 4 MB of room for what is short-lived, not 16. It is three times this in memory, and a box that polls
 * three hundred plugs keeps all of it: 17 MB less (npm run bench plugs, rss_300_mb).
 */
export const PRODUCT_FLAGS = ['--max-semi-space-size=4']

export function handOver(node, entry, args, { flags = [] } = {}) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...flags, entry, ...args], {
    stdio: 'inherit',
    env: productEnvironment(),
  })
  // On a terminal Ctrl-C reaches the child by itself; passing it on too would look like a second, impatient one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((_, reject) => {
    child.once('error', (error) => reject(new Stop(`${node} could not be started: ${error.message}`)))
    child.once('exit', (code, signal) => process.exit(code ?? SIGNAL_BASE + (constants.signals[signal] ?? 0)))
  })
}
