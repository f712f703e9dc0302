import { systemClock } from '../../core/clock.ts'
import { createLog } from '../../core/log.ts'
import { findFeatures } from './features.ts'
import { createHandlers } from './handlers.ts'
import { createAgentServer } from './serve.ts'

/** systemd hands the socket over as the first file after the three that every program has. */
const SOCKET_OF_SYSTEMD = 3
/** Whoever asks next starts it anew: a box with little memory keeps no daemon that is rarely asked. */
const IDLE_MS = 60_000

const root = '/'
const log = createLog()
const clock = systemClock
const handlers = createHandlers({ clock, log, root, features: findFeatures(root) })
const server = createAgentServer({ handlers, clock, log, idleMs: IDLE_MS, onIdle: () => process.exit(0) })
server.listen({ fd: SOCKET_OF_SYSTEMD })
process.once('SIGTERM', () => process.exit(0))
