import { Agent } from 'node:https'
import type { BootConfig } from '../boot-config.ts'
import { LaresError, messageOf, systemCodeOf } from '../core/errors.ts'
import { webCall } from '../core/web-call.ts'
import { rootCertificateOf } from '../tls/index.ts'
import type { Command, CommandInput } from './command.ts'
import { proveUpdate } from './prove-update.ts'

const TIMEOUT_MS = 5_000
const OK = 200
const ANY_ADDRESS: readonly string[] = ['0.0.0.0', '::']
/** A home that lets in only devices with a certificate of their own: it answers, and it is right. */
const ASKS_FOR_CERTIFICATE = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'

/** For the health check of a container and of an update: the same door, certificate and database as a phone's. */
export const answers: Command = {
  name: 'answers',
  takes: [],
  switches: ['after-update'],
  words: 'Asks the running Lares on this machine whether it answers; exit code 1 when it does not.',
  async run(input) {
    if (input.switches.has('after-update')) return proveUpdate(input, () => ask(input))
    const { url, status } = await ask(input)
    input.print(status === OK ? 'Lares answers.' : `Lares answers at ${url}, but with status ${status}.`)
    return status === OK ? 0 : 1
  },
}

/** Throws `unavailable` when nobody answers, or not with the home's own certificate. */
async function ask({ config, clock }: CommandInput): Promise<{ url: string; status: number }> {
  const url = addressOf(config)
  const agent = url.startsWith('https:') ? new Agent({ ca: await rootCertificateOf(config) }) : undefined
  const asked = { url, method: 'GET', headers: {}, agent, clock, timeoutMs: TIMEOUT_MS } as const
  const status = await webCall(asked).then(
    (reply) => reply.status,
    (error: unknown) => {
      if (systemCodeOf(error) === ASKS_FOR_CERTIFICATE) return OK
      throw new LaresError('unavailable', `Lares does not answer at ${url}: ${messageOf(error)}`, { cause: error })
    },
  )
  return { url, status }
}

function addressOf({ tls, host, httpsPort, httpPort }: BootConfig): string {
  const address = ANY_ADDRESS.includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return tls.mode === 'disabled'
    ? `http://${address}:${httpPort}/api/setup`
    : `https://${address}:${httpsPort}/api/setup`
}
