// Runs every check, one line each, and shows the words of those that failed.
import { spawn } from 'node:child_process'
import { inRoot, root } from '../bootstrap/places.mjs'
import { say } from '../bootstrap/say.mjs'

const tool = (...parts) => inRoot('scripts', 'tools', 'node_modules', ...parts)

const STEPS = [
  { name: 'format', args: [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
  { name: 'types', args: [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-b', '--pretty', 'false'] },
  { name: 'imports', args: [inRoot('scripts', 'tools', 'check-imports.mjs')] },
  { name: 'docs', args: [inRoot('scripts', 'checking', 'check-docs.mjs')] },
  { name: 'reference', args: [inRoot('scripts', 'generate-reference.mjs'), '--check'] },
  {
    name: 'lint',
    args: [
      tool('eslint', 'bin', 'eslint.js'),
      '--config',
      inRoot('scripts', 'tools', 'eslint.config.mjs'),
      '--max-warnings',
      '0',
      '.',
    ],
  },
]

const wanted = process.argv.slice(2)
const steps = wanted.length === 0 ? STEPS : STEPS.filter(({ name }) => wanted.includes(name))
let failed = 0
for (const step of steps) failed += (await passes(step)) ? 0 : 1
if (steps.length === 0) say(`There is no such check. There are: ${STEPS.map(({ name }) => name).join(', ')}.`)
say(`\n${steps.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || steps.length === 0 ? 1 : 0

async function passes({ name, args }) {
  const startedMs = performance.now()
  const { code, words } = await run(args)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  say(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (code !== 0) say(words.trim().replace(/^/gm, '    '))
  return code === 0
}

function run(args) {
  return new Promise((resolve, reject) => {
    const flags = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=4096']
    const child = spawn(process.execPath, [...flags, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    const keep = (chunk) => {
      words += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 1, words: signal ? `${words}\nended by ${signal}` : words }),
    )
  })
}
