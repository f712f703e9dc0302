// Runs a helper command quietly and keeps its last words, which are shown only when it fails.
import { spawn } from 'node:child_process'
import { Stop } from './say.mjs'

const LAST_LINES = 40
const ENDED_BY_SIGTERM = 143

const KEPT_CHARACTERS = 20_000

export function runCommand(command, args, { cwd, env, advice }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    const keep = (chunk) => {
      words = (words + chunk.toString()).slice(-KEPT_CHARACTERS)
    }
    const endBoth = () => {
      child.kill('SIGTERM')
      process.exit(ENDED_BY_SIGTERM)
    }
    process.once('SIGTERM', endBoth)
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', (error) => reject(new Stop(`${command} could not be started: ${error.message}\n${advice}`)))
    child.once('close', (code, signal) => {
      process.off('SIGTERM', endBoth)
      if (code === 0) return resolve(words)
      const ending = signal ? `was ended by ${signal}` : `ended with code ${code}`
      const lastWords = words.trim().split('\n').slice(-LAST_LINES).join('\n')
      reject(new Stop(`${lastWords}\n\n${command} ${args.join(' ')}\n${ending}. ${advice}`))
    })
  })
}
