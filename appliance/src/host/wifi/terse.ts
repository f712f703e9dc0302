/**
 * The fields of one line of `nmcli --terse`: colons between them; a colon or backslash inside one has a backslash
 * before it.
 */
export function parseTerseLine(line: string): string[] {
  const fields = ['']
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at)
    if (letter === ':') fields.push('')
    else if (letter === '\\' && at + 1 < line.length) fields[fields.length - 1] += line.charAt((at += 1))
    else fields[fields.length - 1] += letter
  }
  return fields
}

/** Every line as an array of its fields; empty lines are none. */
export function parseTerse(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseTerseLine)
}
