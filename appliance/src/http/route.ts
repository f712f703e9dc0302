import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Permission } from '../api/permissions.ts'

/**
 * Who may call. `public`: anybody. `setup`: only before an administrator exists. `sign-in`: anybody, once one exists.
 * `session`: a person who is signed in, about their own account; API keys may not. `signed-in`: any account or API key.
 * `signed-link`: the path carries an unexpired signature made by `signPath`.
 * `admin-key`: the header X-Admin-API-Key, where admin endpoints are switched on at all (SEC-A13).
 * Otherwise the permission itself.
 */
export type Needs = Permission | 'public' | 'setup' | 'sign-in' | 'session' | 'signed-in' | 'signed-link' | 'admin-key'

/** Rate-limit tier by name; budgets are in `http/rate-budgets.ts` (SEC-C1). */
export type LimitTier = 'general' | 'media' | 'search' | 'stream' | 'login' | 'devices' | 'exports' | 'costly'

/** Who asks, once the gate has let them in. */
export interface Principal {
  readonly kind: 'session' | 'api-key'
  /** The person; for an API key the one who made it, or the key's own id when it came from the environment. */
  readonly userId: string
  readonly username: string
  /** Role id, or `api-key`. */
  readonly role: string
  /** Id of the session, or of the API key. */
  readonly sessionId: string
  readonly permissions: ReadonlySet<Permission>
  /** The only cameras they may see; null: all (SEC-A10). */
  readonly cameras: ReadonlySet<string> | null
  /** Epoch milliseconds until which the second factor counts as fresh (SEC-A14); 0 for API keys. */
  readonly freshUntil: number
}

export const maySeeCamera = (principal: Principal | null, cameraId: string): boolean =>
  principal !== null && (principal.cameras === null || principal.cameras.has(cameraId))

/** What a request says about who sends it. */
export interface Credentials {
  accessToken: string | null
  refreshToken: string | null
  /** Long-lived random name of this browser. */
  deviceToken: string | null
  /** X-API-Key; when it is there, cookies do not count. */
  apiKey: string | null
}

/** What a sign-in or a refresh hands to the browser. */
export interface IssuedTokens {
  access: string
  accessMaxAgeS: number
  refresh: string
  refreshMaxAgeS: number
  /** null: the browser keeps the name it has. */
  device: string | null
}

export interface RequestContext {
  /** null only on `public`, `setup`, `sign-in` and `signed-link` routes. */
  principal: Principal | null
  /** Client address. */
  address: string
  userAgent: string
  /** Scheme and host as the client typed them, for links. */
  origin: string
  /** Aborted when the client goes away. */
  signal: AbortSignal
  credentials: Credentials
  /** False when the app says that nobody touched it lately: such a request does not keep a session from idling out. */
  isActivity: boolean
  setTokens(tokens: IssuedTokens): void
  /** Signs this browser out; its device name stays. */
  clearTokens(): void
}

/** Where a request comes from, for sign-ins. */
export const clientOf = ({
  address,
  userAgent,
  credentials,
}: RequestContext): { address: string; userAgent: string; deviceToken: string | null } => ({
  ...{ address, userAgent, deviceToken: credentials.deviceToken },
})

/** Bytes instead of JSON. `path` is resolved inside the data folder and served with ranges. */
export type FileReply =
  | { kind: 'file'; path: string; contentType: string; cacheS: number; downloadAs?: string }
  | {
      kind: 'bytes'
      body: Buffer
      contentType: string
      cacheS: number
      /** Pages of other origins may load it too, in a frame as well; nothing private, then, and no script. */
      anyOrigin?: true
    }
  | { kind: 'stream'; body: Readable; contentType: string }

type Infer<Schema extends z.ZodType | undefined> = Schema extends z.ZodType ? z.output<Schema> : undefined

export interface RouteInput<
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
> {
  params: Infer<P>
  query: Infer<Q>
  body: Infer<B>
  request: RequestContext
}

export interface RouteDeclaration<
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
  R extends z.ZodType | 'bytes',
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Begins with /api/. Parameters as `:id`. */
  path: string
  /** One line for the API document. */
  summary: string
  needs: Needs
  limit: LimitTier
  /** Needs a second factor not older than five minutes (SEC-A14); never for API keys. */
  sudo?: boolean
  params?: P
  query?: Q
  body?: B
  /** `bytes` when `run` returns a FileReply. */
  reply: R
  /** Largest body; 64 KB when left out. */
  maxBodyBytes?: number
  run(input: RouteInput<P, Q, B>): Promise<R extends z.ZodType ? z.input<R> : FileReply>
}

/** A route with its types forgotten: what the server mounts and the API document is made from. */
export interface Route {
  readonly method: RouteDeclaration<undefined, undefined, undefined, 'bytes'>['method']
  readonly path: string
  readonly summary: string
  readonly needs: Needs
  readonly limit: LimitTier
  readonly sudo: boolean
  readonly params: z.ZodType | undefined
  readonly query: z.ZodType | undefined
  readonly body: z.ZodType | undefined
  readonly reply: z.ZodType | 'bytes'
  readonly maxBodyBytes: number
  run(input: { params: never; query: never; body: never; request: RequestContext }): Promise<unknown>
}

const DEFAULT_MAX_BODY_BYTES = 64 * 1024

/** Declares a route. Plain data: nothing happens until the server mounts it. */
export function route<
  R extends z.ZodType | 'bytes',
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(declaration: RouteDeclaration<P, Q, B, R>): Route {
  return {
    ...declaration,
    sudo: declaration.sudo ?? false,
    params: declaration.params,
    query: declaration.query,
    body: declaration.body,
    maxBodyBytes: declaration.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    run: declaration.run as unknown as Route['run'],
  }
}
