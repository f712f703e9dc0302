import { equalSecrets } from '../../core/crypto.ts'
import { isCountry, wifiProblem } from '../wifi/index.ts'
import { busyPage, choosePage, tryingPage, type ChosenBefore } from './captive-page.ts'
import type { PageState, Request } from './types.ts'

/** What a phone asked. */
export interface Asked {
  method: string
  /** Without what follows a question mark. */
  path: string
  /** Without the port. */
  host: string
  /** `Accept-Language`. */
  language: string
  /** Of a form that was sent; null for none. */
  form: URLSearchParams | null
}

/** What it is answered from. */
export interface CaptiveState {
  page: PageState
  /** Something was asked for that is not carried out yet. */
  isBusy: boolean
  /** In every form: another page that the phone has open cannot send one. */
  token: string
  /** The only host that is answered with the page. */
  ownHost: string
  /** As the access point is called. */
  boxName: string
}

export interface Answer {
  status: number
  body: string
  /** Where the phone is led. */
  location?: string
  /** What it asks the box to do. */
  request?: Request
}

/** The whole logic of the page, without a socket. */
export function answerPhone(asked: Asked, state: CaptiveState): Answer {
  const home: Answer = { status: 302, body: '', location: `http://${state.ownHost}/` }
  // Phones ask a known address whether they are in the internet. Any answer but their own makes them show this page.
  if (asked.host !== state.ownHost) return home
  if (asked.method === 'POST' && asked.path === '/join') return answerJoin(asked, state)
  if (asked.method === 'POST' && asked.path === '/scan') return answerScan(asked, state)
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return { status: 405, body: '' }
  if (asked.path !== '/') return home
  return { status: 200, body: state.isBusy ? busyPage() : choose(asked, state, null, null) }
}

function choose(
  asked: Asked,
  { page, token }: CaptiveState,
  problem: string | null,
  chosen: ChosenBefore | null,
): string {
  const spoken = /[a-z]{2}-([A-Z]{2})/.exec(asked.language)?.[1] ?? null
  return choosePage({ page, token, problem, chosen, country: page.country ?? spoken })
}

const isOurs = ({ form }: Asked, { token }: CaptiveState): boolean => equalSecrets(form?.get('token') ?? '', token)

function answerScan(asked: Asked, state: CaptiveState): Answer {
  if (!isOurs(asked, state)) return { status: 403, body: '' }
  return { status: 200, body: busyPage(), ...(!state.isBusy && { request: { kind: 'scan' } }) }
}

function answerJoin(asked: Asked, state: CaptiveState): Answer {
  if (!isOurs(asked, state)) return { status: 403, body: choose(asked, state, 'Please send the form once more.', null) }
  if (state.isBusy) return { status: 200, body: busyPage() }
  const field = (name: string): string => asked.form?.get(name) ?? ''
  const picked = field('network')
  const isOther = picked === 'other' || picked === ''
  const ssid = isOther ? field('name').trim() : picked.replace(/^ssid:/, '')
  const country = field('country')
  const password = field('password') === '' ? null : field('password')
  const problem = problemOf({ ssid, password, country, isOther }, state.page)
  if (problem !== null) {
    const chosen = { ssid, isOther, country: isCountry(country) ? country : null }
    return { status: 422, body: choose(asked, state, problem, chosen) }
  }
  const request: Request = { kind: 'join', wanted: { ssid, password, hidden: isOther }, country }
  return { status: 200, body: tryingPage(ssid, state.boxName), request }
}

interface Filled {
  ssid: string
  password: string | null
  country: string
  isOther: boolean
}

function problemOf({ ssid, password, country, isOther }: Filled, { networks }: PageState): string | null {
  if (ssid === '') return 'Please pick your Wi-Fi from the list, or type its name.'
  if (!isCountry(country)) return 'Please say which country the box is in. It decides which channels it may use.'
  const problem = wifiProblem({ ssid, password })
  if (problem !== null) return problem
  const heard = isOther ? undefined : networks.find((network) => network.ssid === ssid)
  return heard?.security === 'password' && password === null ? 'This Wi-Fi asks for its password.' : null
}
