import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, devices, type BrowserContext, type CDPSession, type Page } from 'playwright-core'

const run = promisify(execFile)
const CHROMIUM = '/usr/bin/chromium'

/** Why browser tests cannot run here, or false: for `{ skip: noChromium() }`. */
export function noChromium(): string | false {
  if (!existsSync(CHROMIUM)) return 'skipped: no /usr/bin/chromium'
  return existsSync('/usr/bin/certutil') ? false : 'skipped: no certutil (Debian package libnss3-tools)'
}

export interface Phone {
  readonly context: BrowserContext
  readonly page: Page
  /** Everything that went wrong on any page: console errors, uncaught exceptions, CSP violations. */
  readonly complaints: string[]
  cdp(page?: Page): Promise<CDPSession>
  close(): Promise<void>
}

export interface PhoneOptions {
  /** Installed as a trusted authority, as the trust page asks a person to do. */
  rootPem?: string
  colorScheme?: 'light' | 'dark'
  /** Sites that may show notifications. */
  notifyOrigin?: string
  /** Wide screen instead of a phone. */
  desktop?: boolean
  /** Lets another program of this machine drive the browser, too. */
  debuggingPort?: number
}

/** Debian's Chromium dressed as a phone, with its own profile, certificate store and no way out of this machine. */
export async function openPhone(options: PhoneOptions = {}): Promise<Phone> {
  const home = await mkdtemp(join(tmpdir(), 'lares-phone-'))
  if (options.rootPem !== undefined) await trust(home, options.rootPem)
  const context = await chromium.launchPersistentContext(join(home, 'profile'), {
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ...(options.debuggingPort === undefined ? [] : [`--remote-debugging-port=${options.debuggingPort}`]),
    ],
    env: { ...process.env, HOME: home } as Record<string, string>,
    colorScheme: options.colorScheme ?? 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...(options.desktop
      ? { viewport: { width: 1280, height: 800 } }
      : { ...devices['Pixel 7'], viewport: { width: 360, height: 780 } }),
  })
  if (options.notifyOrigin) await context.grantPermissions(['notifications'], { origin: options.notifyOrigin })
  const complaints: string[] = []
  const listen = (page: Page): void => {
    page.on('console', (message) => message.type() === 'error' && complaints.push(`${page.url()}: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  }
  context.pages().forEach(listen)
  context.on('page', listen)
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    context,
    page,
    complaints,
    cdp: (of = page) => context.newCDPSession(of),
    async close() {
      await context.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** What installing the root from the trust page does on this platform: an entry in the user's NSS store. */
async function trust(home: string, rootPem: string): Promise<void> {
  const store = join(home, '.pki', 'nssdb')
  const file = join(home, 'root.pem')
  await mkdir(store, { recursive: true })
  await writeFile(file, rootPem)
  await run('certutil', ['-d', `sql:${store}`, '-N', '--empty-password'])
  await run('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'lares', '-i', file])
}
