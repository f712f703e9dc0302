import { randomInt } from 'node:crypto'
import { mobileconfigOf, stableUuid, type ProfilePayload } from '../trust/mobileconfig.ts'

/** What nobody confuses when typing it on a phone. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 5
const GROUP_LENGTH = 4

/** Five groups of four, together 99 random bits: nobody guesses what was locked with it. */
export function newFilePassword(): string {
  const group = (): string =>
    Array.from({ length: GROUP_LENGTH }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('')
  return Array.from({ length: GROUPS }, group).join('-')
}

/** A profile for iPhone, iPad and Mac that installs key and certificate; the phone asks for the password. */
export function clientProfile(
  pkcs12: Buffer,
  { fingerprint, name, homeName }: { fingerprint: string; name: string; homeName: string },
): string {
  const payload: ProfilePayload = {
    type: 'com.apple.security.pkcs12',
    id: stableUuid(fingerprint, 'client'),
    identifier: 'lares.client',
    fileName: 'lares-client.p12',
    content: pkcs12,
  }
  return mobileconfigOf(payload, {
    ...{ id: stableUuid(fingerprint, 'client profile'), identifier: 'lares.client-profile' },
    title: `Lares · ${homeName} · ${name}`,
    description: 'Lets this device show the Lares box in your home who it is.',
  })
}
