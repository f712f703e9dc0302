import { request } from 'node:https'

const LIMIT_MS = 8_000

/** True when something behind that loopback port answers a GET over HTTPS, whoever it says it is: this is only for the clock. */
export function answersOverHttps(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/api/setup', rejectUnauthorized: false, timeout: LIMIT_MS }
    const call = request({ ...options, agent: false, headers: { host: 'lares.local' } }, (reply) => {
      reply.resume()
      resolve((reply.statusCode ?? 500) < 500)
    })
    call.on('error', () => resolve(false))
    call.on('timeout', () => {
      call.destroy()
      resolve(false)
    })
    call.end()
  })
}
