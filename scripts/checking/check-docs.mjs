// Every relative link and anchor in a Markdown file leads somewhere.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { listFiles } from './list-files.mjs'
import { root } from '../bootstrap/places.mjs'

const LINK = /!?\[(?:[^[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)/g
const REFERENCE = /^\s{0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/gm
const HTML_SOURCE = /<(?:img|a|source)\s[^>]*(?:src|href|srcset)="([^"]+)"/g
const ELSEWHERE = /^([a-z][a-z+.-]*:|\/\/)/i

const pages = listFiles().filter((file) => file.endsWith('.md'))
const broken = pages.flatMap(brokenLinksOf)
for (const line of broken) console.log(line)
console.log(`${pages.length} pages, ${broken.length} broken links`)
process.exitCode = broken.length > 0 || pages.length === 0 ? 1 : 0

function brokenLinksOf(page) {
  const text = withoutCode(readFileSync(join(root, page), 'utf8'))
  const targets = [LINK, REFERENCE, HTML_SOURCE].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1]),
  )
  return targets.filter((target) => !ELSEWHERE.test(target)).flatMap((target) => whyBroken(page, target))
}

function whyBroken(page, target) {
  const [path, anchor] = target.split('#')
  const file = path ? join(root, dirname(page), decodeURIComponent(path)) : join(root, page)
  if (relative(root, file).startsWith('..')) return [`${page}: ${target} leads out of the repository`]
  if (!existsSync(file)) return [`${page}: ${target} does not exist`]
  if (!anchor || !file.endsWith('.md') || anchorsOf(file).has(anchor)) return []
  return [`${page}: ${target} has no such heading`]
}

/** Headings as GitHub names them, with -1, -2 … for repeated ones. */
function anchorsOf(file) {
  const text = readFileSync(file, 'utf8').replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  const anchors = new Set([...text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)].map((match) => match[1]))
  for (const [, heading] of text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const name = slugOf(heading)
    let unique = name
    for (let count = 1; anchors.has(unique); count++) unique = `${name}-${count}`
    anchors.add(unique)
  }
  return anchors
}

function slugOf(heading) {
  const words = heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .toLowerCase()
  return words.replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-')
}

function withoutCode(text) {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '``')
}
