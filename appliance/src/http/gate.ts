import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { limitReached, type LimitState, type RateLimits } from './rate-limit.ts'
import type { Credentials, LimitTier, Needs, Principal } from './route.ts'
import type { PathSigner } from './signed-path.ts'

/** A request that wants to know who it is from. */
export interface AskingClient {
  address: string
  userAgent: string
  deviceToken: string | null
  credentials: Credentials
  isActivity: boolean
}

/** Who asks. Throws `unauthenticated` with the code and reason that the app needs to go on. */
export type Authenticate = (asking: AskingClient) => Promise<Principal>

/** What was refused, for the record of who did what. */
export interface Refusal {
  type: 'permission_denied' | 'rate_limit_exceeded' | 'origin_refused'
  principal: Principal | null
  address: string
  userAgent: string
  /** `GET /api/cameras`, without the query. */
  route: string
  /** The permission, the tier, or the origin that is not allowed. */
  needs: string
}

export interface GateDeps {
  clock: Clock
  authenticate: Authenticate
  /** Whether somebody who was let in still is: for connections that stay open. */
  isInForce(principal: Principal): Promise<boolean>
  isSetupDone(): boolean
  signer: PathSigner
  /** Throws `not-found` where admin endpoints are switched off, `unauthenticated` or `too-many` for a wrong key (SEC-A13). */
  checkAdminKey?(key: string | null, client: { address: string; userAgent: string }): void | Promise<void>
  onRefused?(refusal: Refusal): void
}

export interface LimitedGateDeps extends GateDeps {
  limits: RateLimits
}

export interface Asking extends AskingClient {
  method: string
  path: string
  query: Readonly<Record<string, string>>
  /** X-Admin-API-Key. */
  adminKey: string | null
}

/** What the gate wants to know about a route. */
export interface Guarded {
  readonly needs: Needs
  readonly limit: LimitTier
  readonly sudo: boolean
}

const WITHOUT_ACCOUNT: ReadonlySet<Needs> = new Set(['public', 'setup', 'sign-in', 'signed-link', 'admin-key'])

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

const refusalOf = (type: Refusal['type'], asking: Asking, principal: Principal | null, needs: string): Refusal => ({
  ...{ type, principal, needs, address: asking.address, userAgent: asking.userAgent },
  route: `${asking.method} ${asking.path}`,
})

/**
 * Somebody who is known and was refused all the same, because their access has to be renewed: that counts with them, not
 * with everybody behind the same address. `authenticate` says so in the cause of its error.
 */
function knownAs(refused: unknown): string | null {
  const cause = refused instanceof LaresError ? (refused.cause as { userId?: unknown } | undefined) : undefined
  return typeof cause?.userId === 'string' ? cause.userId : null
}

/**
 * Who asks, counted against their budget before anything is refused: guessing tokens and keys costs the same as
 * everything else. null where nobody needs to be. Throws `too-many`, or what `authenticate` throws.
 */
export async function identifyWithinLimit(
  { needs, limit }: Guarded,
  asking: Asking,
  deps: LimitedGateDeps,
  onState?: (state: LimitState) => void,
): Promise<Principal | null> {
  let refused: unknown = null
  const identified = WITHOUT_ACCOUNT.has(needs) ? Promise.resolve(null) : deps.authenticate(asking)
  const principal = await identified.catch((error: unknown) => {
    refused = error
    return null
  })
  const userId = principal?.kind === 'api-key' ? principal.sessionId : (principal?.userId ?? knownAs(refused))
  const state = await deps.limits.take(limit, { userId, address: asking.address })
  onState?.(state)
  if (state.retryAfterS > 0) {
    deps.onRefused?.(refusalOf('rate_limit_exceeded', asking, principal, limit))
    throw limitReached(state)
  }
  if (refused !== null) throw refused as Error
  return principal
}

const sessionNeeded = (): LaresError =>
  new LaresError('forbidden', 'This works only for people who are signed in, not with an API key.', {
    code: 'SESSION_NEEDED',
  })

function mayPass(needs: Needs, principal: Principal): boolean {
  if (needs === 'signed-in') return true
  if (needs === 'session') {
    if (principal.kind === 'session') return true
    throw sessionNeeded()
  }
  return (principal.permissions as ReadonlySet<string>).has(needs)
}

/** Dangerous acts ask for a second factor that was given just now (SEC-A14). Throws `forbidden`. */
export function requireFresh(principal: Principal | null, nowMs: number): void {
  if (principal?.kind === 'api-key') throw sessionNeeded()
  if (principal && principal.freshUntil > nowMs) return
  throw new LaresError('forbidden', 'Please confirm with your second factor first.', { code: 'SUDO_REQUIRED' })
}

async function checkWithoutAccount(needs: Needs, asking: Asking, deps: GateDeps): Promise<void> {
  if (needs === 'signed-link' && !deps.signer.verify(asking.path, asking.query))
    throw new LaresError('forbidden', 'This link is not valid any more. Open it again from the app.', {
      code: 'LINK_EXPIRED',
    })
  if (needs !== 'admin-key') return
  // Switched off is the same as not there.
  if (!deps.checkAdminKey) throw new LaresError('not-found', 'There is nothing at this address.')
  await deps.checkAdminKey(asking.adminKey, asking)
}

/** Whether they may. Throws `forbidden`. */
export async function checkPermission(
  { needs, sudo }: Guarded,
  principal: Principal | null,
  asking: Asking,
  deps: GateDeps,
): Promise<void> {
  if (WITHOUT_ACCOUNT.has(needs)) return checkWithoutAccount(needs, asking, deps)
  if (!principal || !mayPass(needs, principal)) {
    deps.onRefused?.(refusalOf('permission_denied', asking, principal, needs))
    throw new LaresError('forbidden', 'Your account may not do this.', { details: { needs } })
  }
  if (sudo) requireFresh(principal, deps.clock.now())
}
