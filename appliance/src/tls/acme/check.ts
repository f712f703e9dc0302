import { isIP } from 'node:net'
import type { AcmeCheckStep } from '../../api/acme.ts'
import { isInternetAddress } from '../../core/addresses.ts'
import type { Clock } from '../../core/clock.ts'
import { newToken } from '../../core/crypto.ts'
import { messageOf } from '../../core/errors.ts'
import type { WebCaller } from '../../core/web-call.ts'
import { checkAuthority } from './check-authority.ts'
import { configProblem, type AcmeConfig } from './config.ts'
import type { DnsLookups } from './dns/lookups.ts'
import { recordFor, waitUntilVisible } from './dns/record.ts'
import type { DnsProvider } from './dns/types.ts'
import type { HttpChallenges } from './http-challenges.ts'
import { challengeRecord, isWildcard } from './names.ts'

export interface CheckDeps {
  config: AcmeConfig
  lookups: DnsLookups
  /** Null with http-01. */
  provider: DnsProvider | null
  challenges: HttpChallenges
  authority: WebCaller
  /** For port 80. */
  call: WebCaller
  clock: Clock
  signal: AbortSignal
}

/** Somebody waits at the screen: not as long as for a real proof. */
const LONGEST_LOOK_MS = 30_000
const PORT_PATIENCE_MS = 8_000

type Step = AcmeCheckStep['step']
const tell = (step: Step, name: string | null, outcome: AcmeCheckStep['outcome'], words: string): AcmeCheckStep => ({
  ...{ step, name, outcome, words },
})

/** What the servers of the name say, and what this home sees. Null: nobody answered. */
interface Seen {
  truth: string[] | null
  home: string[] | null
}

async function see({ lookups }: CheckDeps, name: string): Promise<Seen> {
  if (isIP(name) !== 0) return { truth: [name], home: [name] }
  const home = await lookups.addresses(name).catch(() => null)
  const servers = await lookups.authoritative(name).catch(() => null)
  const truth = servers ? await servers.addresses(name).catch(() => null) : null
  return { truth, home }
}

/** The authority comes from the internet: the name must lead to an address of the internet. */
function addressStep(name: string, { truth, home }: Seen): AcmeCheckStep {
  const addresses = truth ?? home
  if (addresses === null)
    return tell(
      'address',
      name,
      'unknown',
      'Nobody answers questions about names here; is the internet connection down?',
    )
  if (addresses.length === 0)
    return tell('address', name, 'failed', `${name} has no address yet. Give it the public address of your home.`)
  const outside = addresses.filter(isInternetAddress)
  if (outside.length > 0) return tell('address', name, 'ok', `${name} leads to ${outside.join(', ')}.`)
  const words = `${name} leads to ${addresses.join(', ')}, which nobody reaches from the internet. Use dns-01, or the public address.`
  return tell('address', name, 'failed', words)
}

/** Asks for a random proof on port 80, as the authority would; from inside that can only ever half be known. */
async function portStep(deps: CheckDeps, name: string, address: string): Promise<AcmeCheckStep> {
  const { challenges, call, signal } = deps
  const [token, answer] = [newToken(), newToken()]
  const withdraw = challenges.put(token, answer)
  const host = isIP(address) === 6 ? `[${address}]` : address
  const url = `http://${host}/.well-known/acme-challenge/${token}`
  try {
    const reply = await call({ url, method: 'GET', headers: { host: name }, timeoutMs: PORT_PATIENCE_MS, signal })
    if (reply.status === 200 && reply.body === answer)
      return tell('port-80', name, 'ok', `Port 80 of ${address} leads to this box.`)
    const words = `Something else answers at port 80 of ${address} (${reply.status}). Forward port 80 of your router to this box.`
    return tell('port-80', name, 'failed', words)
  } catch {
    const words =
      `Port 80 of ${address} does not answer from inside the home. Many routers never answer their own public address from ` +
      'inside, so this proves nothing; the authority itself will tell.'
    return tell('port-80', name, 'unknown', words)
  } finally {
    withdraw()
  }
}

/** How the phones of this home find the box under its public name; the second half of the way, after the certificate. */
function homeStep(name: string, { truth, home }: Seen): AcmeCheckStep {
  if (home !== null && home.length > 0)
    return tell('at-home', name, 'ok', `This home finds ${name} at ${home.join(', ')}.`)
  const hidden = (truth ?? []).filter((address) => !isInternetAddress(address))
  if (hidden.length > 0) {
    const words =
      `${name} leads to ${hidden.join(', ')}, but your router hides that: it drops answers that lead into the home ` +
      `(DNS rebinding protection). Add ${name} to its exceptions, and phones will find the box.`
    return tell('at-home', name, 'failed', words)
  }
  if (truth?.length === 0)
    return tell('at-home', name, 'failed', `${name} has no address yet. Give it the address of this box in the home.`)
  const words = `This home does not find ${name}, and who decides about the name cannot be asked from here.`
  return tell('at-home', name, 'unknown', words)
}

async function httpSteps(deps: CheckDeps, name: string, seen: Seen): Promise<AcmeCheckStep[]> {
  const first = addressStep(name, seen)
  const outside = (seen.truth ?? seen.home ?? []).find(isInternetAddress)
  return outside === undefined ? [first] : [first, await portStep(deps, name, outside)]
}

/** Writes a random text where the proof will go, looks for it, and takes it away. */
async function recordSteps(deps: CheckDeps, provider: DnsProvider, name: string): Promise<AcmeCheckStep[]> {
  const { lookups, clock, config, signal } = deps
  const value = newToken()
  const steps: AcmeCheckStep[] = []
  let record = challengeRecord(name)
  try {
    record = await recordFor(name, lookups)
    await provider.set(record, value, signal)
    steps.push(tell('record-set', name, 'ok', `${provider.name} took a record for ${record}.`))
  } catch (error) {
    return [tell('record-set', name, 'failed', messageOf(error))]
  }
  try {
    const waitMs = Math.min(config.dns.waitS * 1_000, LONGEST_LOOK_MS)
    const shown = await waitUntilVisible(record, value, { lookups, clock, waitMs, signal })
    const words = shown
      ? 'The servers of the name show it.'
      : 'It was not seen within half a minute. Some servers take longer, and some routers let nobody ask; the authority waits longer.'
    steps.push(tell('record-shown', name, shown ? 'ok' : 'unknown', words))
  } finally {
    steps.push(await removeStep(provider, record, value, name))
  }
  return steps
}

async function removeStep(provider: DnsProvider, record: string, value: string, name: string): Promise<AcmeCheckStep> {
  try {
    await provider.remove(record, value, new AbortController().signal)
    return tell('record-removed', name, 'ok', 'And it was taken away again.')
  } catch (error) {
    return tell('record-removed', name, 'failed', messageOf(error))
  }
}

const baseOf = (name: string): string => name.replace(/^\*\./, '')

/**
 * "Would the authority reach me?": everything that can be tried without ordering, in order, in plain words. `unknown` is
 * said where a home cannot know. A wildcard and the name under it share their record and are tried once.
 */
export async function checkReach(deps: CheckDeps): Promise<AcmeCheckStep[]> {
  const { config, provider } = deps
  const problem = configProblem(config)
  if (problem !== null) return [tell('settings', null, 'failed', problem)]
  const steps = [tell('settings', null, 'ok', 'Everything that is needed is filled in.')]
  steps.push(await checkAuthority(config, deps.authority, deps.signal))
  for (const name of new Set(config.names.map(baseOf))) {
    if (deps.signal.aborted) break
    const seen = await see(deps, name)
    if (provider) steps.push(...(await recordSteps(deps, provider, name)))
    else steps.push(...(await httpSteps(deps, name, seen)))
    // What a wildcard covers has other names: whether its own base leads anywhere does not matter.
    const isServed = config.names.some((each) => !isWildcard(each) && each === name)
    if (isServed && isIP(name) === 0) steps.push(homeStep(name, seen))
  }
  return steps
}
