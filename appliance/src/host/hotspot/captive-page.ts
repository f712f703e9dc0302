import type { HeardNetwork, JoinFailure } from '../wifi/index.ts'
import { STYLE } from './captive-style.ts'
import { countries } from './countries.ts'
import type { PageState } from './types.ts'

/** What somebody had filled in before something was wrong; never the password. */
export interface ChosenBefore {
  ssid: string
  /** Typed by hand. */
  isOther: boolean
  country: string | null
}

export interface ChoosePage {
  page: PageState
  token: string
  /** What was wrong with the form; null when nothing was. */
  problem: string | null
  chosen: ChosenBefore | null
  /** Best guess; two capital letters. */
  country: string | null
}

const FAILURES: Readonly<Record<JoinFailure, (ssid: string) => string>> = {
  'wrong-password': (ssid) => `${ssid} did not accept the password. Capital and small letters matter.`,
  'not-found': (ssid) =>
    `${ssid} was not heard from where the box stands. Is the name right, and the router near enough?`,
  'no-address': (ssid) =>
    `The box got into ${ssid}, but the router gave it no address. Starting the router anew often helps.`,
  failed: (ssid) => `The box could not get into ${ssid}. Please try once more.`,
}

/** For a text between tags and in quotes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

function frame(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>
`
}

const strengthWords = (strength: number): string => (strength >= 65 ? 'strong' : strength >= 35 ? 'good' : 'weak')

function networkRow({ ssid, strength, security }: HeardNetwork, isChosen: boolean): string {
  const usable = security !== 'unsupported'
  const words = usable
    ? `${strengthWords(strength)}${security === 'open' ? ', no password' : ''}`
    : 'needs a sign-in that this box does not have'
  const attributes = `${usable ? '' : ' disabled'}${isChosen ? ' checked' : ''}`
  return `<label class="network"><input type="radio" name="network" value="ssid:${escapeHtml(ssid)}"${attributes}><span class="words">${escapeHtml(ssid)}<span class="quiet">${words}</span></span></label>`
}

function countryField(chosen: string | null): string {
  const options = countries().map(
    ({ code, name }) => `<option value="${code}"${code === chosen ? ' selected' : ''}>${escapeHtml(name)}</option>`,
  )
  return `<div class="field"><label class="label" for="country">Country</label>
<select id="country" name="country" required><option value="">Please choose</option>${options.join('')}</select>
<p class="quiet">It decides which radio channels the box may use.</p></div>`
}

/** The list of networks and the form. */
export function choosePage({ page, token, problem, chosen, country }: ChoosePage): string {
  const words = problem ?? (page.lastFailure && FAILURES[page.lastFailure.failure](page.lastFailure.ssid))
  const picked = chosen?.ssid ?? page.lastFailure?.ssid
  const isHeard = page.networks.some(({ ssid }) => ssid === picked)
  const isOther = chosen ? chosen.isOther : picked !== undefined && !isHeard
  const rows = page.networks.map((network) => networkRow(network, !isOther && network.ssid === picked))
  const other = `<label class="network"><input type="radio" name="network" value="other"${isOther || rows.length === 0 ? ' checked' : ''}><span class="words">Another one<span class="quiet">not in the list</span></span></label>`
  const hidden = `<input type="hidden" name="token" value="${escapeHtml(token)}">`
  return frame(
    'Bring Lares into your Wi\u2011Fi',
    `${words ? `<div class="problem" role="alert"><p>${escapeHtml(words)}</p></div>` : ''}
<p class="quiet">Lares needs your home network so that your phone can reach it. Nothing else is set up here. With a network cable you can skip this page.</p>
<form method="post" action="/join" class="card">${hidden}
<fieldset><legend>Your Wi-Fi</legend>
${rows.length === 0 ? '<p class="quiet">The box hears no Wi-Fi right now. You may type its name.</p>' : rows.join('\n')}
${other}</fieldset>
<div class="field"><label class="label" for="name">Name, if it is not in the list</label>
<input type="text" id="name" name="name" maxlength="32" autocapitalize="none" autocorrect="off" spellcheck="false" autocomplete="off" value="${isOther && picked ? escapeHtml(picked) : ''}"></div>
<div class="field"><label class="label" for="password">Password of the Wi-Fi</label>
<input type="text" id="password" name="password" maxlength="64" autocapitalize="none" autocorrect="off" spellcheck="false" autocomplete="off">
<p class="quiet">It stands on most routers. It stays on this box.</p></div>
${countryField(chosen?.country ?? country)}
<button>Join this Wi-Fi</button></form>
<form method="post" action="/scan">${hidden}<button class="second">Listen for networks again</button></form>`,
  )
}

/** Shown while the access point goes away to try: the last that the phone gets to see. */
export function tryingPage(ssid: string, boxName: string): string {
  return frame(
    'Lares is trying your Wi\u2011Fi',
    `<p>The box is joining <strong>${escapeHtml(ssid)}</strong>. This takes up to a minute, and your phone loses this network meanwhile.</p>
<div class="card"><p class="label">What comes next</p><ol>
<li>Let your phone go back into <strong>${escapeHtml(ssid)}</strong>.</li>
<li>Open <strong>lares.local</strong> in its browser, or scan the picture on the screen of the box.</li>
</ol></div>
<p class="quiet">Does ${escapeHtml(boxName)} show up again among your Wi-Fi networks? Then it did not work. Join it once more: this page says why.</p>`,
  )
}

export function busyPage(): string {
  return frame(
    'One moment',
    `<p>The box is busy with its radio. Your phone may lose this network for half a minute; then come back to this page.</p>
<p><a href="/">Look again</a></p>`,
  )
}
