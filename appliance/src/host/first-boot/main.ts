import { systemClock as clock } from '../../core/clock.ts'
import { createLog } from '../../core/log.ts'
import { importWishes } from './import.ts'
import { wipePassword } from './wipe.ts'

const ground = { root: '/', clock, log: createLog({ destination: process.stderr }) }
if (process.argv[2] === 'wipe') await wipePassword(ground)
else await importWishes(ground)
