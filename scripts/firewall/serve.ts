// A box with more open than it should have: what a firewall has to hide. Prints a line once everything listens.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { SERVED_TCP, UDP_PORTS } from './ports.ts'

// Whoever scans goes away without a word.
const greet = (socket: Socket): void => void socket.on('error', () => undefined).end('hello')
for (const port of SERVED_TCP) await once(createServer(greet).listen(port, '0.0.0.0'), 'listening')
for (const port of UDP_PORTS) {
  const socket = createSocket('udp4')
  socket.on('message', (text, { port: from, address }) => socket.send(text, from, address))
  socket.bind(port, '0.0.0.0')
  await once(socket, 'listening')
}
console.log('serving')
