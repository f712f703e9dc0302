import { isIP } from 'node:net'
import { isHomeAddress } from '../core/addresses.ts'
import { LaresError } from '../core/errors.ts'
import { KASA_PORT } from './discovery/answers.ts'

export interface PlugAddress {
  host: string
  port: number
}

const NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i

/** `192.168.1.20`, `plug.home.arpa`, `192.168.1.20:10000`. Throws `invalid` with words; internet addresses are refused. */
export function parsePlugAddress(text: string): PlugAddress {
  const { host, port } = split(text.trim())
  if (isIP(host) === 6) throw invalid('Kasa plugs have IPv4 addresses only, such as 192.168.1.20.')
  const isAddress = isIP(host) === 4
  if (!isAddress && (!NAME.test(host) || /^[\d.]+$/.test(host)))
    throw invalid(`${text} is no address, such as 192.168.1.20.`)
  if (isAddress && !isHomeAddress(host)) throw invalid(`${host} is not an address of a home network.`)
  return { host: host.toLowerCase(), port }
}

function split(text: string): PlugAddress {
  const match = /^([^:]*):(\d{1,5})$/.exec(text)
  if (!match) return { host: text, port: KASA_PORT }
  const port = Number(match[2])
  if (port < 1 || port > 65_535) throw invalid(`${match[2]} is no port; ports go from 1 to 65535.`)
  return { host: match[1] ?? '', port }
}

function invalid(words: string): LaresError {
  return new LaresError('invalid', words, { details: { host: words } })
}
