import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  ConsoleRecord,
  endingOf,
  isStuck,
  withoutControls,
} from '../../firmware-image/boot-simulator/console-record.ts'
import { emulatorArguments } from '../../firmware-image/boot-simulator/emulator-arguments.ts'
import {
  LONGEST_COMMAND_LINE_BYTES,
  parseShellAnswer,
  testShellOnCommandLine,
} from '../../firmware-image/boot-simulator/test-shell.ts'

const record = (text: string, atS = 1): ConsoleRecord => {
  const made = new ConsoleRecord()
  made.take(text, atS)
  return made
}

describe('The boot simulator reads the serial line', () => {
  it('notes when each kind of line comes first, in pieces too', () => {
    const console = new ConsoleRecord()
    console.take('[    0.000000] Booting Lin', 0.5)
    console.take('ux on physical CPU 0x0\r\nWelcome to \u001b[1mDebian GNU/Linux 13 (trixie)\u001b[0m!\n', 2)
    console.take('Welcome to Debian GNU/Linux 13 (trixie)!\n', 9)
    assert.deepEqual(
      [...console.marks],
      [
        ['kernel', 2],
        ['systemd', 2],
      ],
    )
    assert.equal(console.lines[1]?.text, 'Welcome to Debian GNU/Linux 13 (trixie)!')
  })

  it('knows a prompt though its line has no end', () => {
    const console = record('Debian GNU/Linux 13 lares ttyAMA0\n\nlares log')
    assert.equal(console.marks.has('login'), false)
    console.take('in: ', 7)
    assert.equal(console.marks.get('login'), 7)
  })

  it('keeps what a reboot asks of the loader', () => {
    assert.equal(record("reboot: Restarting system with command '0 tryboot'\n").rebootArgument, '0 tryboot')
    assert.equal(record('reboot: Restarting system\n').rebootArgument, null)
  })

  it('tells being powered off from a reset, whoever caused it', () => {
    assert.equal(endingOf(record('reboot: Power down\n')), 'powered off')
    assert.equal(endingOf(record('reboot: Restarting system\n')), 'reset')
    assert.equal(endingOf(record('Kernel panic - not syncing\n')), 'reset')
  })

  it('calls an emulator stuck only after a stall and a long silence', () => {
    const stalled = record('rcu: INFO: rcu_preempt self-detected stall on CPU\n', 30)
    assert.equal(isStuck(stalled, 60, 90), false)
    assert.equal(isStuck(stalled, 121, 90), true)
    assert.equal(isStuck(record('all quiet\n', 30), 500, 90), false)
  })

  it('takes colours and carriage returns out', () => {
    assert.equal(withoutControls('[\u001b[0;32m  OK  \u001b[0m] Started\r'), '[  OK  ] Started')
  })
})

describe('The test shell of the boot simulator', () => {
  it('leaves room on the command line of an arm64 kernel', () => {
    assert.ok(testShellOnCommandLine().length < LONGEST_COMMAND_LINE_BYTES / 2)
    assert.match(
      testShellOnCommandLine(),
      /^systemd\.set_credential_binary=systemd\.extra-unit\.t\.service:\S+ systemd\.wants=t\.service$/,
    )
  })

  it('takes answers apart, and nothing else', () => {
    const output = Buffer.from('two\nlines\n').toString('base64')
    assert.deepEqual(parseShellAnswer(`12 3 ${output}\r`), { id: 12, code: 3, output: 'two\nlines\n' })
    assert.deepEqual(parseShellAnswer('4 0 '), { id: 4, code: 0, output: '' })
    assert.deepEqual(parseShellAnswer('Debian GNU/Linux'), null)
  })
})

describe('The emulator of the boot simulator', () => {
  const hardware = {
    card: '/tmp/a,b.img',
    forwards: [{ guestPort: 443, hostPort: 20_443 }],
    neighbours: [{ address: '10.0.2.100', port: 9999, command: ['node', 'relay.ts', '4711'] }],
    ...{ disks: [], shellSocket: '/tmp/s', memoryMb: 1024 },
  }
  const boot = {
    ...{ partition: 2, tryboot: false, kernel: 'k', initramfs: 'i', deviceTree: 'd', commandLine: 'quiet' },
  }
  const args = emulatorArguments(hardware, boot, 'more=1')

  it('reaches nothing but its neighbours, and is reached only at the forwarded ports', () => {
    const network = args[args.indexOf('-netdev') + 1]
    assert.equal(
      network,
      'user,id=lan,restrict=on,hostfwd=tcp:127.0.0.1:20443-:443,guestfwd=tcp:10.0.2.100:9999-cmd:node relay.ts 4711',
    )
  })

  it('starts with what ships, on the serial line, and with our addition last', () => {
    assert.equal(args[args.indexOf('-append') + 1], 'quiet console=ttyAMA0 more=1')
  })

  it('doubles commas in names of files', () => {
    assert.ok(args.includes('file=/tmp/a,,b.img,format=raw,if=none,id=card,cache=writeback'))
  })
})
