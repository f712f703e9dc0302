import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Permission } from '../api/permissions.ts'

/**
 * Who may call. `public`: anybody. `setup`: only before an administrator exists. `sign-in`: anybody, once one exists.
 * `signed-in`: any account.
 * `signed-link`: the path carries an unexpired signature made by `signPath`. Otherwise the permission itself.
 */
export type Needs = Permission | 'public' | 'setup' | 'sign-in' | 'signed-in' | 'signed-link'

/** Rate-limit tier by name; budgets are in `http/rate-limit.ts`. */
export type LimitTier = 'general' | 'media' | 'login' | 'devices' | 'costly'

/** Who asks, once the gate has let them in. */
export interface Principal {
  userId: string
  username: string
  sessionId: string
  permissions: ReadonlySet<Permission>
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
  /** Session cookie of the request, if any. */
  sessionToken: string | null
  setSessionToken(token: string, maxAgeS: number): void
  clearSessionToken(): void
}

/** Bytes instead of JSON. `path` is resolved inside the data folder and served with ranges. */
export type FileReply =
  | { kind: 'file'; path: string; contentType: string; cacheS: number; downloadAs?: string }
  | {
      kind: 'bytes'
      body: Buffer
      contentType: string
      cacheS: number
      /** Pages of other origins may load it too; nothing private, then. */
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
    params: declaration.params,
    query: declaration.query,
    body: declaration.body,
    maxBodyBytes: declaration.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    run: declaration.run as unknown as Route['run'],
  }
}
