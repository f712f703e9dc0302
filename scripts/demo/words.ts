import { renderUnicodeCompact } from 'uqr'
import type { SetUpHome } from '../../tests/harness/setup.ts'

/** Shown once: password and authenticator secret are stored nowhere in the clear. */
export function sayNewHome(origin: string, dataDir: string, home: SetUpHome): void {
  const uri = `otpauth://totp/Lares:demo?secret=${home.totpSecret}&issuer=Lares`
  console.log(`
The demo home is ready. Sign in at ${origin}

  user name      ${home.username}
  password       ${home.password}
  authenticator  ${home.totpSecret}
  recovery code  ${home.recoveryCodes[0] ?? ''} (works once, instead of the six digits)

${renderUnicodeCompact(uri, { border: 2 })}
  Scan this with an authenticator app. Password and secret are shown only now.
  The first people walk in within a minute: watch Incidents.
  Ctrl-C ends the demo. Its data: ${dataDir} (delete the folder to begin anew).
`)
}

export function sayOldHome(origin: string, dataDir: string, isNew: boolean): void {
  if (isNew) return
  console.log(`
The demo home of last time is running again: ${origin}
Password and authenticator secret were shown the first time. To begin anew, stop this, delete ${dataDir} and start again.
`)
}
