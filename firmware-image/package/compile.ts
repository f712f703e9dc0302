import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'

export interface CompileOptions {
  /** Folder of the repository. */
  repository: string
  /** Folder that gets the same tree with `.js` for `.ts`. */
  target: string
  /** Patterns below the repository. */
  sources: readonly string[]
}

/**
 * TypeScript without its types: every statement keeps its line and column, so that an error of an installed box points
 * into the sources. What else runs or is read beside the sources comes along: data, a picture, sidecars in Python.
 */
export function compileSources({ repository, target, sources }: CompileOptions): void {
  for (const source of globSync([...sources], { cwd: repository })) {
    const to = join(target, toJs(source))
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, compileText(readFileSync(join(repository, source), 'utf8')))
  }
  const folders = [...new Set(sources.map((pattern) => pattern.replace(/\/\*\*.*$/, '')))]
  for (const data of globSync(
    folders.map((folder) => `${folder}/**/*.{json,jpg,py}`),
    { cwd: repository },
  ))
    cpSync(join(repository, data), join(target, data))
}

const IMPORTED_SOURCE = /(from |import\()(['"]\.[^'"]+)\.ts(['"])/g

function compileText(text: string): string {
  return stripTypeScriptTypes(text).replace(IMPORTED_SOURCE, '$1$2.js$3')
}

export const toJs = (file: string): string => file.replace(/\.ts$/, '.js')
