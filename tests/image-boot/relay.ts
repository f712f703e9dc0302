// Spawned by the emulator for each call of the box to a neighbour: standard input and output ↔ a loopback port of this machine.
import { connect } from 'node:net'

const socket = connect(Number(process.argv[2]), '127.0.0.1')
process.stdin.pipe(socket).pipe(process.stdout)
socket.on('error', () => process.exit(1))
socket.on('close', () => process.exit(0))
