import { joinWifiBody, networkState, scanReply } from '../api/network.ts'
import { route, type Route } from '../http/route.ts'
import type { Network } from './types.ts'

export function networkRoutes(network: Omit<Network, 'routes'>): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/network', summary: 'How the box is in the home network, by cable and by Wi-Fi.' },
      ...{ needs: 'system.view', limit: 'general', reply: networkState },
      run: () => network.state(),
    }),
    route({
      ...{ method: 'POST', path: '/api/network/wifi/scan', summary: 'The Wi-Fi networks that the box hears now.' },
      ...{ needs: 'system.edit', limit: 'costly', reply: scanReply },
      run: () => network.scan(),
    }),
    route({
      ...{ method: 'POST', path: '/api/network/wifi/join', reply: networkState, body: joinWifiBody },
      summary: 'Begins to join a Wi-Fi. When that fails the box goes back to where it was.',
      ...{ needs: 'system.edit', limit: 'costly' },
      run: ({ body, request }) => network.join(body, request),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/network/wifi', summary: 'Forgets the Wi-Fi. Only while a cable works.' },
      ...{ needs: 'system.edit', limit: 'general', reply: networkState },
      run: ({ request }) => network.forget(request),
    }),
  ]
}
