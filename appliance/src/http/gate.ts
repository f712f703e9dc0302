import { LaresError } from '../core/errors.ts'
import { limitReached, type LimitState, type RateLimits } from './rate-limit.ts'
import type { LimitTier, Needs, Principal } from './route.ts'
import type { PathSigner } from './signed-path.ts'

/** Finds who a session cookie belongs to; null when it is unknown, ended or expired. */
export type Authenticate = (token: string, meta: { address: string; userAgent: string }) => Promise<Principal | null>

export interface GateDeps {
  authenticate: Authenticate
  isSetupDone(): boolean
  signer: PathSigner
}

export interface LimitedGateDeps extends GateDeps {
  limits: RateLimits
}

export interface Asking {
  path: string
  query: Readonly<Record<string, string>>
  sessionToken: string | null
  address: string
  userAgent: string
}

const WITHOUT_ACCOUNT: ReadonlySet<Needs> = new Set(['public', 'setup', 'sign-in', 'signed-link'])

/** Before there is an administrator only setup works, and setup works only before (SEC-A1). */
export function checkSetup(needs: Needs, isSetupDone: boolean): void {
  if (needs === 'setup' && isSetupDone)
    throw new LaresError('conflict', 'This box is set up already. Sign in instead.', { code: 'SETUP_DONE' })
  if (needs !== 'setup' && needs !== 'public' && !isSetupDone)
    throw new LaresError(
      'setup-required',
      'This box is not set up yet. Open it in a browser to create the administrator.',
    )
}

/** Who asks: null where nobody needs to be. Throws `unauthenticated`. */
export async function identify(needs: Needs, asking: Asking, deps: GateDeps): Promise<Principal | null> {
  if (WITHOUT_ACCOUNT.has(needs)) return null
  if (asking.sessionToken === null) throw new LaresError('unauthenticated', 'Please sign in.')
  const { address, userAgent } = asking
  const principal = await deps.authenticate(asking.sessionToken, { address, userAgent })
  if (!principal)
    throw new LaresError('unauthenticated', 'You are signed out. Please sign in again.', { code: 'TOKEN_EXPIRED' })
  return principal
}

/**
 * Who asks, counted against their budget before anything is refused: guessing session tokens costs the same as
 * everything else. Throws `too-many`, or as `identify`.
 */
export async function identifyWithinLimit(
  needs: Needs,
  tier: LimitTier,
  asking: Asking,
  deps: LimitedGateDeps,
  onState?: (state: LimitState) => void,
): Promise<Principal | null> {
  let refused: unknown = null
  const principal = await identify(needs, asking, deps).catch((error: unknown) => {
    refused = error
    return null
  })
  const state = deps.limits.take(tier, { userId: principal?.userId ?? null, address: asking.address })
  onState?.(state)
  if (state.retryAfterS > 0) throw limitReached(state)
  if (refused !== null) throw refused as Error
  return principal
}

/** Whether they may. Throws `forbidden`. */
export function checkPermission(needs: Needs, principal: Principal | null, asking: Asking, signer: PathSigner): void {
  if (needs === 'public' || needs === 'setup' || needs === 'sign-in') return
  if (needs === 'signed-link') {
    if (signer.verify(asking.path, asking.query)) return
    throw new LaresError('forbidden', 'This link is not valid any more. Open it again from the app.', {
      code: 'LINK_EXPIRED',
    })
  }
  if (principal && (needs === 'signed-in' || principal.permissions.has(needs))) return
  throw new LaresError('forbidden', 'Your account may not do this.', { details: { needs } })
}
