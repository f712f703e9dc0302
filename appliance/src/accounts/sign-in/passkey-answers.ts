import { isIP } from 'node:net'
import { z } from 'zod'
import { LaresError } from '../../core/errors.ts'
import type { IssuedChallenge } from './passkey-challenges.ts'
import type { StoredPasskey } from './passkey-store.ts'

/** Ed25519, ES256 and RS256: what phones, computers and security keys offer. */
export const ALGORITHMS = [-8, -7, -257]
const LONGEST_ID = 1_400
const LONGEST_PART = 32 * 1024
const base64Url = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[A-Za-z0-9_-]+=*$/)

const answerTo = <Parts extends z.ZodRawShape>(parts: Parts) =>
  z.object({
    id: base64Url(LONGEST_ID),
    rawId: base64Url(LONGEST_ID),
    type: z.literal('public-key'),
    response: z.object({ clientDataJSON: base64Url(LONGEST_PART), ...parts }),
  })
const registration = answerTo({
  attestationObject: base64Url(LONGEST_PART),
  transports: z.array(z.string().max(32)).max(8).optional(),
})
const authentication = answerTo({
  authenticatorData: base64Url(LONGEST_PART),
  signature: base64Url(LONGEST_PART),
  userHandle: base64Url(128).nullish(),
})
const clientData = z.object({ crossOrigin: z.boolean().optional() })

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const
type Transport = (typeof TRANSPORTS)[number]
export const knownTransports = (texts: readonly string[]): Transport[] =>
  TRANSPORTS.filter((transport) => texts.includes(transport))

export interface NewCredential {
  credentialId: string
  /** COSE key, base64url. */
  publicKey: string
  counter: number
  transports: string[]
}

/** Loaded with the first passkey: it brings certificate parsers along that most homes never need. */
const webAuthn = () => import('@simplewebauthn/server')
const webAuthnHelpers = () => import('@simplewebauthn/server/helpers')

/**
 * The page under which passkeys can be used for a request: they are tied to a name. null under a bare address.
 * `origin` as the browser will state it: lower case, without a usual port.
 */
export function passkeyPlace(origin: string): { origin: string; rpId: string } | null {
  const url = URL.parse(origin)
  const name = url?.hostname ?? ''
  if (!url || name === '' || name.endsWith('.') || name.startsWith('[') || isIP(name) !== 0) return null
  return { origin: url.origin, rpId: name }
}

/** Whether it was given inside a page of somebody else. */
const isFramed = (clientDataJson: string): boolean =>
  clientData.parse(JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8'))).crossOrigin === true

/**
 * Who made the authenticator does not matter here, and checking would fetch revocation lists from wherever the answer says:
 * the statement about it is left out, as a browser does by itself when it is not asked for.
 */
async function withoutStatement(attestationObject: string): Promise<string> {
  const { decodeAttestationObject, isoCBOR } = await webAuthnHelpers()
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')))
  const bare = new Map<string, string | Map<string, never> | Uint8Array>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, never>()],
    ['authData', decoded.get('authData')],
  ])
  return Buffer.from(isoCBOR.encode(bare)).toString('base64url')
}

/** The new passkey; null when the answer is not right, in whatever way. */
export async function readRegistration(
  answer: Record<string, unknown>,
  challenge: IssuedChallenge,
): Promise<NewCredential | null> {
  try {
    const { id, rawId, type, response } = registration.parse(answer)
    if (isFramed(response.clientDataJSON)) return null
    const attestationObject = await withoutStatement(response.attestationObject)
    const { verifyRegistrationResponse } = await webAuthn()
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: { clientDataJSON: response.clientDataJSON, attestationObject },
      },
      expectedChallenge: challenge.challenge,
      expectedOrigin: challenge.origin,
      expectedRPID: challenge.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified || registrationInfo.credential.id !== id) return null
    const { publicKey, counter } = registrationInfo.credential
    const transports = knownTransports(response.transports ?? [])
    return { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports }
  } catch {
    return null
  }
}

/** The id of the passkey that an answer claims to come from; null when it is no answer at all. */
export function claimedPasskey(answer: Record<string, unknown>): string | null {
  return authentication.safeParse(answer).data?.id ?? null
}

/** The counter in a right answer; null when the answer is not right, in whatever way. Whether it went up is not checked. */
export async function readAuthentication(
  answer: Record<string, unknown>,
  challenge: IssuedChallenge,
  passkey: StoredPasskey,
): Promise<number | null> {
  try {
    const { id, rawId, type, response } = authentication.parse(answer)
    const { clientDataJSON, authenticatorData, signature, userHandle } = response
    if (isFramed(clientDataJSON)) return null
    if (userHandle && Buffer.from(userHandle, 'base64url').toString('utf8') !== passkey.userId) return null
    const { verifyAuthenticationResponse } = await webAuthn()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: { clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: challenge.challenge,
      expectedOrigin: challenge.origin,
      expectedRPID: challenge.rpId,
      requireUserVerification: true,
      // 0: the library looks at the counter before the signature, and anybody can write a small number.
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: 0,
      },
    })
    return verified ? authenticationInfo.newCounter : null
  } catch {
    return null
  }
}

export const needsName = (): LaresError =>
  new LaresError(
    'unsupported',
    'Passkeys need a name: open this page under the name of the box instead of its number address.',
    { code: 'PASSKEY_NEEDS_NAME' },
  )
