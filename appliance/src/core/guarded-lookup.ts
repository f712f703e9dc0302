import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { LaresError } from './errors.ts'

/**
 * A name look-up for sockets that returns only addresses which `isAllowed`, so that a name cannot lead where an address
 * may not. Addresses that are written out never come by here: check those with `isAllowed` yourself.
 */
export function guardedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const allowed = addresses.filter(({ address }) => isAllowed(address))
      const [first] = allowed
      if (first === undefined) return callback(refused(hostname, addresses), '')
      if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function refused(hostname: string, addresses: readonly LookupAddress[]): LaresError {
  const which = addresses.map(({ address }) => address).join(', ')
  return new LaresError('forbidden', `${hostname} leads to ${which}, where Lares does not connect.`, {
    code: 'ADDRESS_REFUSED',
  })
}

/** False only for an address written out that is not allowed; names are judged when they are looked up. */
export function mayConnectTo(hostname: string, isAllowed: (address: string) => boolean): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 || isAllowed(bare)
}
