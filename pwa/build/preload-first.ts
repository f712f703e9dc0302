import type { HtmlTagDescriptor, Plugin } from 'vite'

/** Where the app begins: most visits open it here. */
const FIRST_PAGE = /src[\\/]pages[\\/]now[\\/]now\.tsx$/

interface Chunk {
  fileName: string
  imports: string[]
  facadeModuleId: string | null
  isEntry: boolean
  viteMetadata?: { importedCss: ReadonlySet<string> }
}

/** The page names the scripts of its first place, so that they are fetched beside the shell's and not after it has run. */
export function preloadFirst(): Plugin {
  return {
    name: 'lares-preload-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((each) => each.type === 'chunk') as unknown as Chunk[]
        const first = chunks.find(({ facadeModuleId }) => FIRST_PAGE.test(facadeModuleId ?? ''))
        if (!first) throw new Error('The first page is no chunk of its own any more: see preload-first.ts')
        return [...filesOf(first, chunks)].map((file) => tagFor(file))
      },
    },
  }
}

/** The chunk, what it imports (the shell apart), and their styles. */
function filesOf(chunk: Chunk, chunks: readonly Chunk[], files = new Set<string>()): Set<string> {
  if (chunk.isEntry || files.has(chunk.fileName)) return files
  files.add(chunk.fileName)
  for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style)
  for (const name of chunk.imports) {
    const imported = chunks.find(({ fileName }) => fileName === name)
    if (imported) filesOf(imported, chunks, files)
  }
  return files
}

function tagFor(file: string): HtmlTagDescriptor {
  // A style that is only preloaded is complained about on pages that do not need it; these few hundred bytes hold nobody up.
  const how = { rel: file.endsWith('.css') ? 'stylesheet' : 'modulepreload' }
  return { tag: 'link', attrs: { ...how, crossorigin: true, href: `/${file}` }, injectTo: 'head' }
}
