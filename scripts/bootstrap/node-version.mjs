// The bootstraps run on the Node that the machine has; the product runs on the Node that npm ci brings.
import { existsSync } from 'node:fs'
import { inRoot } from './places.mjs'
import { Stop } from './say.mjs'

const OLDEST_FOR_BOOTSTRAP = 20
const OLDEST_FOR_PRODUCT = 24

const majorOf = (version) => Number(version.split('.')[0])

export function requireBootstrapNode() {
  if (majorOf(process.versions.node) >= OLDEST_FOR_BOOTSTRAP) return
  throw new Stop(
    `Lares starts from Node ${OLDEST_FOR_BOOTSTRAP} or newer; this is Node ${process.versions.node}.\n` +
      'On Debian 12 or newer with the nodejs package of NodeSource or nodejs.org, run the same command again.',
  )
}

/** The file of the Node that runs the product, or undefined before npm ci has brought it. */
export function findProductNode() {
  const brought = inRoot('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(brought)) return brought
  return majorOf(process.versions.node) >= OLDEST_FOR_PRODUCT ? process.execPath : undefined
}

export function requireProductNode() {
  const file = findProductNode()
  if (file) return file
  throw new Stop(
    `Lares runs on 64-bit Linux (x64 or arm64), for which npm brings Node ${OLDEST_FOR_PRODUCT}. ` +
      `This is ${process.platform} ${process.arch}: install Node ${OLDEST_FOR_PRODUCT} yourself and run the same command again.`,
  )
}

/** What every process of ours gets: room for SQLite beside file work, and no telemetry of the detector's library. */
export function productEnvironment() {
  return { ...process.env, UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '8', ORT_DISABLE_TELEMETRY: '1' }
}
