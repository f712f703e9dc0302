/** One line of the control connection, taken apart. */
export interface FtpCommand {
  /** Upper case. */
  verb: string
  /** Everything after the first space; '' when there is none. */
  argument: string
}

/** RFC 959 sets no limit; the longest honest line is a verb and a path. */
export const LONGEST_LINE_BYTES = 1_024
/** Telnet's "interpret as command", which clients put before ABOR. */
const TELNET_IAC = 0xff
const LINE_FEED = 0x0a
const VERB = /^[A-Za-z]{3,4}$/
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/

/** Null for what is no command: the caller answers 500. */
export function parseCommand(line: Uint8Array): FtpCommand | null {
  let from = 0
  // IAC and the byte that follows it, as often as they come.
  while (line[from] === TELNET_IAC) from += 2
  const text = Buffer.from(line.subarray(from)).toString('utf8').replace(/\r$/, '')
  if (CONTROL.test(text)) return null
  const space = text.indexOf(' ')
  const verb = space < 0 ? text : text.slice(0, space)
  if (!VERB.test(verb)) return null
  return { verb: verb.toUpperCase(), argument: space < 0 ? '' : text.slice(space + 1) }
}

export interface LineReader {
  /** Whole lines without their end. Throws RangeError when one grows beyond `LONGEST_LINE_BYTES`. */
  push(chunk: Uint8Array): Uint8Array[]
  /** Drops what waits: nothing said before TLS counts after it. */
  clear(): void
}

export function createLineReader(): LineReader {
  let rest: Buffer = Buffer.alloc(0)
  return {
    push(chunk) {
      const lines: Uint8Array[] = []
      let bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED)) {
        if (end > LONGEST_LINE_BYTES) throw new RangeError('The line is too long.')
        lines.push(bytes.subarray(0, end))
        bytes = bytes.subarray(end + 1)
      }
      if (bytes.length > LONGEST_LINE_BYTES) throw new RangeError('The line is too long.')
      rest = bytes
      return lines
    },
    clear: () => void (rest = Buffer.alloc(0)),
  }
}
