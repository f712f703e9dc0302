// The host agent as a process of its own: node agent-process.ts ROOT SOCKET
import { systemClock } from '../../appliance/src/core/clock.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { createHandlers } from '../../appliance/src/host/agent/handlers.ts'
import { createAgentServer } from '../../appliance/src/host/agent/serve.ts'

const [root = '', socket = ''] = process.argv.slice(2)
const ground = { clock: systemClock, log: createLog(), root, features: ['wireguard'] as const }
const handlers = createHandlers(ground)
const server = createAgentServer({ ...ground, handlers, idleMs: 3_600_000, onIdle: () => undefined })
server.listen(socket, () => console.log('listening'))
process.once('SIGTERM', () => process.exit(0))
