import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'

const run = promisify(execFile)
const FIREFOX = '/usr/bin/firefox-esr'

/** Why tests with Firefox cannot run here, or false: for `{ skip: noFirefox() }`. */
export function noFirefox(): string | false {
  if (!existsSync(FIREFOX)) return 'skipped: no /usr/bin/firefox-esr'
  return existsSync('/usr/bin/certutil') ? false : 'skipped: no certutil (Debian package libnss3-tools)'
}

export interface Firefox {
  readonly browser: Browser
  readonly page: Page
  /** Waits for a button with exactly these words and presses it as a person does. */
  press(words: string): Promise<void>
  /** Waits until the page says these words somewhere. */
  reads(words: string): Promise<void>
  close(): Promise<void>
}

export interface FirefoxOptions {
  /** Installed as trusted authorities, as the trust page asks a person to do. */
  rootsPem: readonly string[]
  /** WebSocket address of the push service to use instead of Mozilla's; none when left out. */
  pushServerUrl?: string
  /** PKCS#12 file that is installed as one of the person's own, and shown to whoever asks. */
  identity?: { file: string; password: string }
}

const LIMIT_MS = 30_000

/** Stock Debian Firefox with a profile of its own, its push service replaced, and no way out of this machine. */
export async function openFirefox(options: FirefoxOptions): Promise<Firefox> {
  const home = await mkdtemp(join(tmpdir(), 'lares-firefox-'))
  await trust(home, options.rootsPem)
  if (options.identity) await install(home, options.identity)
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    userDataDir: home,
    env: { ...process.env, HOME: home },
    extraPrefsFirefox: {
      'dom.push.serverURL': options.pushServerUrl ?? 'wss://127.0.0.1:9/',
      'security.default_personal_cert': 'Select Automatically',
      // The remote agent switches push off for tests.
      'dom.push.connection.enabled': true,
      'permissions.default.desktop-notification': 1,
      // There is no desktop here that would show notifications: Firefox keeps them itself.
      'alerts.useSystemBackend': false,
      'network.proxy.type': 1,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': 9,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': 9,
      'network.proxy.no_proxies_on': 'localhost, 127.0.0.1',
    },
  })
  const page = await browser.newPage()
  await page.setViewport({ width: 412, height: 915 })
  return {
    browser,
    page,
    async press(words) {
      const button = (await page.waitForFunction(
        findButton,
        { timeout: LIMIT_MS, polling: 100 },
        words,
      )) as ElementHandle<HTMLButtonElement>
      await button.click()
    },
    async reads(words) {
      const isThere = (text: string): boolean => document.body.innerText.includes(text)
      await page.waitForFunction(isThere, { timeout: LIMIT_MS, polling: 100 }, words)
    },
    async close() {
      await browser.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

function findButton(words: string): Element | null {
  const buttons = [...document.querySelectorAll('button:not([disabled])')]
  return buttons.find((button) => button.textContent.trim() === words) ?? null
}

async function trust(profile: string, rootsPem: readonly string[]): Promise<void> {
  await run('certutil', ['-d', `sql:${profile}`, '-N', '--empty-password'])
  for (const [index, rootPem] of rootsPem.entries()) {
    const file = join(profile, `root-${index}.pem`)
    await writeFile(file, rootPem)
    await run('certutil', ['-d', `sql:${profile}`, '-A', '-t', 'C,,', '-n', `root-${index}`, '-i', file])
  }
}

/** What opening the file on a phone does here. */
async function install(profile: string, { file, password }: { file: string; password: string }): Promise<void> {
  await run('pk12util', ['-d', `sql:${profile}`, '-i', file, '-W', password])
}
