import { createHash } from 'node:crypto'
import { renderSVG } from 'uqr'
import { DEVICES, type Device } from './devices.ts'
import { TRUST_STEPS } from './trust-steps.ts'
import { TRUST_STYLE } from './trust-style.ts'

export interface TrustPageInput {
  homeName: string
  /** SHA-256 of the root, colon-separated hex. */
  fingerprint: string
  /** `https://host:port` of this box, as this device reached it. */
  httpsOrigin: string
  device: Device | null
  clockTrusted: boolean
  /** Where no certificate has to be installed. */
  publicOrigins: readonly string[]
  /** Everybody has to show a client certificate: trust alone does not let this device in. */
  clientsRequired: boolean
}

export interface Page {
  html: string
  contentSecurityPolicy: string
}

/** Path of a picture that loads only over trusted HTTPS. */
export const CHECK_PATH = '/api/trust/check.png'
/** The same with words in it, for browsers without scripts. */
export const CHECK_WITHOUT_SCRIPT_PATH = '/api/trust/check.svg'

/**
 * Loads a picture over HTTPS: it arrives only when this device trusts the root. Runs at once, on return from the
 * settings, and by the button. Whoever has just made the device trust Lares is taken on to it. Without script the browser
 * shows a picture that says the same, or, where it cannot load it, the words in its place.
 */
const CHECK_SCRIPT = `
(function(){
var box=document.getElementById('check'),words=document.getElementById('words'),sign=document.getElementById('sign'),
again=document.getElementById('again'),next=document.getElementById('next'),running=false,failed=false;
function show(state,mark,text){box.dataset.state=state;sign.textContent=mark;words.textContent=text;
next.className=state==='yes'?'button':'button quiet'}
function check(){if(running)return;running=true;show('wait','…','Looking whether this device trusts Lares…');
var picture=new Image(),timer=setTimeout(function(){end(false)},8000);
function end(good){clearTimeout(timer);running=false;picture.onload=picture.onerror=null;
if(good){show('yes','✓',failed?'This device trusts Lares now. Going on to it…':'This device trusts Lares. You can go on.');
if(failed)setTimeout(function(){location.href=next.href},1500)}
else{failed=true;show('no','○','Not yet. Follow the steps, then check again.')}}
picture.onload=function(){end(true)};picture.onerror=function(){end(false)};
picture.src=box.dataset.src+'?'+Math.random().toString(36).slice(2)}
again.hidden=false;box.hidden=false;again.onclick=check;
document.addEventListener('visibilitychange',function(){if(!document.hidden&&box.dataset.state!=='yes')check()});
check()})();
`

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** `*Settings*` → `<b>Settings</b>`, escaped. */
const emphasis = (text: string): string => escapeHtml(text).replaceAll(/\*([^*]+)\*/g, '<b>$1</b>')

function stepsOf(device: Device, open: boolean): string {
  const { title, file, button, steps, note } = TRUST_STEPS[device]
  return `<details${open ? ' open' : ''}><summary>${title}</summary><div>
<ol>${steps.map((step) => `<li>${emphasis(step)}</li>`).join('')}</ol>
${note === undefined ? '' : `<p class="soft">${emphasis(note)}</p>`}
<a class="button${open ? '' : ' quiet'}" href="/trust/${file}">${button}</a>
</div></details>`
}

/** `AB:CD:EF:01:…` in groups of four digits, which an eye can compare. */
export function fingerprintGroups(fingerprint: string): string[] {
  return fingerprint.replaceAll(':', '').match(/.{1,4}/g) ?? []
}

const MARK = `<svg class="mark" viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="var(--ember)" stroke-width="3"
stroke-linejoin="round" stroke-linecap="round"><path d="M7 22 24 8l17 14v18H7z"/>
<path d="M24 36c-4 0-7-3-7-7 0-4 5-6 5-11 4 2 7 6 7 9 1-1 1-2 1-3 1 2 1 4 1 5 0 4-3 7-7 7z"/></svg>`

function checkCard(httpsOrigin: string): string {
  const address = escapeHtml(httpsOrigin)
  return `<section class="card" aria-labelledby="check-title"><h2 id="check-title">Does this device trust Lares?</h2>
<div class="status" id="check" data-src="${address}${CHECK_PATH}" role="status" hidden><b id="sign" aria-hidden="true">…</b><span id="words"></span></div>
<noscript><object class="check" type="image/svg+xml" data="${address}${CHECK_WITHOUT_SCRIPT_PATH}"><p class="status"><b aria-hidden="true">○</b>
<span>Not yet. Follow the steps, then load this page again.</span></p></object></noscript>
<div class="stack"><a class="button" id="next" href="${address}/">Continue to Lares</a>
<button class="button quiet" id="again" type="button" hidden>Check again</button></div></section>`
}

function fingerprintCard(fingerprint: string): string {
  const groups = fingerprintGroups(fingerprint).map((group) => `<li><code>${group}</code></li>`)
  return `<section class="card" aria-labelledby="print-title"><h2 id="print-title">Is it really your box?</h2>
<p class="soft">The box prints this fingerprint on its console when it starts, and your device shows it as SHA-256 before it installs anything.
If they differ, somebody else is answering: stop here.</p><ul class="print" aria-label="Fingerprint">${groups.join('')}</ul></section>`
}

function otherDeviceCard(httpsOrigin: string): string {
  const picture = renderSVG(httpsOrigin, { border: 1 }).replace('<svg ', '<svg role="img" aria-label="QR code" ')
  return `<section class="card" aria-labelledby="qr-title"><h2 id="qr-title">Open Lares on a device that trusts it</h2>
<div class="qr">${picture}</div><p class="soft"><a href="${escapeHtml(httpsOrigin)}/">${escapeHtml(httpsOrigin)}</a></p></section>`
}

/** Under a public name nothing of this page is needed. */
function publicCard(origins: readonly string[]): string {
  if (origins.length === 0) return ''
  const links = origins.map((origin) => `<li><a href="${escapeHtml(origin)}/">${escapeHtml(origin)}</a></li>`)
  return `<section class="card" aria-labelledby="public-title"><h2 id="public-title">Without installing anything</h2><p class="soft">This box has a
public certificate too. Under this name every device trusts it already:</p><ul class="plain">${links.join('')}</ul></section>`
}

const CLIENTS_CARD = `<section class="card" aria-labelledby="clients-title"><h2 id="clients-title">This box asks for a client certificate</h2>
<p class="soft">Besides trusting the box, this device has to show a certificate of its own. Who runs this Lares makes it in the app, under More › Certificates.
Locked out? On the box itself: <code>npm run lares -- clients open</code></p></section>`

const CLOCK_CARD = `<section class="card"><h2>The clock of this box is not set</h2><p class="soft">Until it is, your device may refuse the
certificate. The box sets its clock by itself as soon as it reaches a time server.</p></section>`

/** The page that explains the private root and hands it out. Works without JavaScript; one small script only checks. */
export function trustPage(input: TrustPageInput): Page {
  const { httpsOrigin, fingerprint, device, homeName } = input
  // The steps for this device first and open; the others one tap away.
  const devices = device === null ? DEVICES : [device, ...DEVICES.filter((each) => each !== device)]
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>Trust Lares · ${escapeHtml(homeName)}</title><meta name="theme-color" content="#faf6f0" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#171210" media="(prefers-color-scheme: dark)"><link rel="icon" href="data:,">
<style>${TRUST_STYLE}</style></head><body><main>
<header>${MARK}<h1>This is Lares, in your home</h1>
<p>It talks to your phone directly, without anybody in between. So your phone has to learn once that it may trust this box: install its
certificate, and alerts and the app work.</p>
<p class="soft">The certificate is good for addresses inside a home only. It cannot be used for any site on the internet.</p></header>
${input.clockTrusted ? '' : CLOCK_CARD}
${publicCard(input.publicOrigins)}
<section class="card" aria-labelledby="steps-title"><h2 id="steps-title">Install the certificate</h2>
${devices.map((each) => stepsOf(each, each === device)).join('\n')}
<p class="soft"><a href="/trust/lares-root.pem">As a PEM file</a>, for programs</p></section>
${checkCard(httpsOrigin)}
${input.clientsRequired ? CLIENTS_CARD : ''}
${fingerprintCard(fingerprint)}
${otherDeviceCard(httpsOrigin)}
</main><script>${CHECK_SCRIPT}</script></body></html>
`
  return { html, contentSecurityPolicy: contentSecurityPolicy(httpsOrigin) }
}

function contentSecurityPolicy(httpsOrigin: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashSource(TRUST_STYLE)}`,
    `script-src ${hashSource(CHECK_SCRIPT)}`,
    `img-src data: ${httpsOrigin}`,
    // What <object> shows is a picture to one browser and a frame to another.
    `object-src ${httpsOrigin}`,
    `frame-src ${httpsOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
