// How long `npm start` takes until HTTPS answers, once everything is installed and the home exists. Typed as a person types it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startUntilAnswered } from '../clean-clone/npm-start.ts'
import { isQuick, median, report } from './report.ts'

const ROUNDS = isQuick ? 3 : 9
const LIMIT_MS = 60_000
const repository = fileURLToPath(new URL('../..', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'lares-bench-start-'))

async function measure(command: string, args: readonly string[]): Promise<number> {
  const [httpsPort, httpPort] = [await freePort(), await freePort()]
  const env = {
    ...withoutNpm(),
    LARES_DATA: dataDir,
    LARES_HTTPS_PORT: String(httpsPort),
    LARES_HTTP_PORT: String(httpPort),
    LARES_HOST: '127.0.0.1',
  }
  const running = await startUntilAnswered({ command, args, cwd: repository, env, httpsPort, limitMs: LIMIT_MS })
  await running.stop()
  return running.answeredAfterMs
}

function withoutNpm(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|LARES_)/.test(name)))
}

try {
  const first = await measure('npm', ['start'])
  const typed: number[] = []
  const bare: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    typed.push(await measure('npm', ['start']))
    bare.push(await measure(process.execPath, [join(repository, 'appliance', 'src', 'main.ts')]))
  }
  report({
    bench: 'start',
    figures: {
      warm_start_ms: median(typed),
      warm_start_worst_ms: Math.max(...typed),
      product_alone_ms: median(bare),
      first_start_ms: first,
    },
    conditions: {
      rounds: ROUNDS,
      what: 'npm start → first HTTPS answer; product_alone: main.ts without npm and bootstrap',
    },
    goals: { warm_start_ms: { atMost: 2000 } },
  })
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
