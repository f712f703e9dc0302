// A WS-Discovery target service on one address, as cameras have it: answers multicast and directed probes.
import { createSocket, type Socket } from 'node:dgram'

const GROUP = '239.255.255.250'
const PORT = 3702

export interface ResponderOptions {
  address: string
  /** Of the device service, as the device names it. */
  xaddrs: readonly string[]
  scopes: readonly string[]
  /** Joins the multicast group; without it only directed probes arrive. */
  multicast?: boolean
  /** Instead of the honest answer: any datagrams. */
  answer?(probe: string, honest: string): readonly (string | Buffer)[]
}

export interface Responder {
  probes(): number
  stop(): Promise<void>
}

export async function startResponder(options: ResponderOptions): Promise<Responder> {
  const { address, multicast = true } = options
  let probes = 0
  const directed = await bind(address)
  const shared = multicast ? await bind(GROUP).catch(() => null) : null
  shared?.addMembership(GROUP, address)
  const open = [directed, ...(shared ? [shared] : [])]
  for (const socket of open) {
    socket.on('message', (datagram, { address: host, port }) => {
      const text = datagram.toString()
      const id = /MessageID[^>]*>\s*([^<\s]+)/.exec(text)?.[1]
      if (id === undefined || !/\bProbe[\s>]/.test(text)) return
      probes++
      const honest = probeMatch(id, options)
      for (const answer of options.answer?.(text, honest) ?? [honest]) directed.send(answer, port, host)
    })
  }
  return {
    probes: () => probes,
    stop: async () => void (await Promise.all(open.map((socket) => new Promise<void>((done) => socket.close(done))))),
  }
}

function bind(address: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(PORT, address, () => resolve(socket))
  })
}

export function probeMatch(relatesTo: string, { address, xaddrs, scopes }: Omit<ResponderOptions, 'answer'>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">
<SOAP-ENV:Header><wsa:MessageID>urn:uuid:0a6dc791-2be6-4991-9af1-${address.replaceAll('.', '')}</wsa:MessageID><wsa:RelatesTo>${relatesTo}</wsa:RelatesTo>
<wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action></SOAP-ENV:Header>
<SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:2419d68a-2dd2-21b2-a205-${address.replaceAll('.', '')}</wsa:Address></wsa:EndpointReference>
<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopes.join(' ')}</d:Scopes><d:XAddrs>${xaddrs.join(' ')}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`
}
