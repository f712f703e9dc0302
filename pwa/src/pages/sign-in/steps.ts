import type { PasskeyChallenge, SignInBody, SignInReply, TotpEnrolment } from '../../wire.ts'

export type Step = 'password' | 'code' | 'passkey' | 'recovery' | 'expired' | 'enrol' | 'codes'

/** All that was typed so far: it goes to the box in one piece, until the box asks for nothing more. */
export interface Draft {
  username: string
  password: string
  code: string
  newPassword: string
  trust: boolean
}

/** What the box has answered so far. */
export interface Asked {
  hasTotp: boolean
  passkey: PasskeyChallenge | null
  enrolment: TotpEnrolment | null
  recoveryCodes: readonly string[] | null
}
export const NOTHING_ASKED: Asked = { hasTotp: false, passkey: null, enrolment: null, recoveryCodes: null }

export interface Next {
  step: Step | 'done'
  asked: Asked
}

/** Where an answer of the box leads. */
export function nextStep(reply: SignInReply, canUsePasskey: boolean): Next {
  switch (reply.status) {
    case 'needs-code': {
      const passkey = canUsePasskey ? reply.passkey : null
      const step = reply.hasTotp ? 'code' : passkey ? 'passkey' : 'recovery'
      return { step, asked: { ...NOTHING_ASKED, hasTotp: reply.hasTotp, passkey } }
    }
    case 'needs-enrolment':
      return { step: 'enrol', asked: { ...NOTHING_ASKED, enrolment: reply.enrolment } }
    case 'signed-in': {
      const recoveryCodes = reply.recoveryCodes ?? null
      return { step: recoveryCodes ? 'codes' : 'done', asked: { ...NOTHING_ASKED, recoveryCodes } }
    }
  }
}

export function bodyOf({ username, password, code, newPassword, trust }: Draft, asked: Asked): SignInBody {
  return {
    username: username.trim(),
    password,
    ...(code ? { code: code.replaceAll(/\s/g, '') } : {}),
    ...(asked.enrolment && code ? { enrolment: asked.enrolment.ticket } : {}),
    ...(newPassword ? { newPassword } : {}),
    ...(trust ? { trustDevice: true } : {}),
  }
}

/** Only a path of this app, as browsers read it (they skip tabs and line breaks): never an address that leads elsewhere. */
export function safePath(to: string | undefined): string {
  const here = 'https://lares.invalid'
  if (!to?.startsWith('/') || to.startsWith('/sign-in')) return '/'
  return URL.canParse(to, here) && new URL(to, here).origin === here ? to : '/'
}
