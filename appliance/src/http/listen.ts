import type { Server } from 'node:net'
import { LaresError, systemCodeOf } from '../core/errors.ts'

export interface ListenOptions {
  /** For people: `app`, `trust page`. */
  what: string
  port: number
  host: string
  /** `HTTPS_PORT`: names the variable and the flag in the error. */
  variable: 'HTTPS_PORT' | 'HTTP_PORT'
}

function listenError({ what, port, host, variable }: ListenOptions, cause: unknown): LaresError {
  const flag = `--${variable.toLowerCase().replace('_', '-')}`
  const choose = `Choose another with LARES_${variable} or ${flag}`
  switch (systemCodeOf(cause)) {
    case 'EADDRINUSE':
      return new LaresError(
        'unavailable',
        `Port ${port} for the ${what} is taken by another program. ${choose}, or find the program with: ss -ltnp 'sport = :${port}'`,
        { code: 'PORT_TAKEN', cause },
      )
    case 'EACCES':
      return new LaresError(
        'unavailable',
        `Port ${port} for the ${what} may not be used without more rights (ports below 1024 need them). ${choose}.`,
        { code: 'PORT_FORBIDDEN', cause },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new LaresError(
        'unavailable',
        `This machine does not have the address ${host}. Choose another with LARES_HOST or --host.`,
        {
          code: 'ADDRESS_NOT_HERE',
          cause,
        },
      )
    default:
      return new LaresError('unavailable', `Port ${port} for the ${what} cannot be opened.`, {
        code: 'PORT_FAILED',
        cause,
      })
  }
}

/** Listens and returns the port, which matters when 0 was asked for. Throws `unavailable` with what to do. */
export function listen(server: Server, options: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(listenError(options, error))
    server.once('error', onError)
    server.listen({ port: options.port, host: options.host }, () => {
      server.off('error', onError)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : options.port)
    })
  })
}
