import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'

const run = promisify(execFile)

/** Drawn places, so that tests need no photograph: [sky, ground, house, light]. */
const PLACES = {
  door: ['#2b3a4f', '#4b5563', '#8b5e43', '#ffca7a'],
  drive: ['#9fb6c9', '#6f7a6a', '#b08968', '#fff1c9'],
  garden: ['#c9d7dd', '#5c7a52', '#7d6b5d', '#fff6dd'],
  hall: ['#4a3f39', '#75675c', '#9c8b7d', '#ffe2b0'],
} as const
export type PlaceName = keyof typeof PLACES

export interface SceneOptions {
  /** Where a person stands, as a share of the width; nobody when left out. */
  personAt?: number
  width?: number
  height?: number
}

/** Where that person is, as the detector would say. */
export function personBox(at: number) {
  return { x: at - 0.045, y: 0.34, width: 0.09, height: 0.5 }
}

/** A JPEG of a place, with or without somebody. */
export async function drawScene(
  place: PlaceName,
  { personAt, width = 640, height = 360 }: SceneOptions = {},
): Promise<Buffer> {
  const [sky, ground, house, light] = PLACES[place]
  const person =
    personAt === undefined
      ? ''
      : `<g transform="translate(${String(personAt * 640)} 122)" fill="#23262e"><circle cx="0" cy="22" r="17" fill="#c99b7a"/>
         <path d="M-22 100c0-40 4-58 22-58s22 18 22 58Z" fill="#3d5a80"/><path d="M-18 96h36l-4 84H2l-2-62-2 62h-12Z"/></g>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="${String(width)}" height="${String(height)}">
    <defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="1" stop-color="${light}"/></linearGradient>
    <radialGradient id="l"><stop stop-color="${light}" stop-opacity=".9"/><stop offset="1" stop-color="${light}" stop-opacity="0"/></radialGradient></defs>
    <path fill="url(#s)" d="M0 0h640v360H0z"/><path fill="${ground}" d="M0 235 640 205v155H0z"/>
    <path fill="${house}" d="M330 70 470 20l130 50v160l-270 12z"/><path fill="#3b2a20" d="M432 118h62v116l-62 3z"/>
    <path fill="${light}" d="M360 110h44v44h-44zM524 108h46v44h-46z"/><circle cx="463" cy="96" r="60" fill="url(#l)"/>
    <path fill="#35532f" d="M40 238c0-60 30-92 60-92s56 34 58 90z" opacity=".85"/>${person}</svg>`
  return await sharp(Buffer.from(svg)).jpeg({ quality: 78 }).toBuffer()
}

/** Ten seconds of H.264: nobody for two, then somebody crosses until the eighth, as the made incidents say. */
export async function drawClip(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'lares-clip-'))
  try {
    for (let frame = 0; frame < 20; frame++) {
      const walked = frame - 4
      const options = walked < 0 || walked > 12 ? {} : { personAt: 0.1 + walked * 0.06 }
      await writeFile(join(folder, `${String(frame).padStart(2, '0')}.jpg`), await drawScene('door', options))
    }
    const output = join(folder, 'clip.mp4')
    const encode = [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-pix_fmt',
      'yuv420p',
      '-r',
      '10',
      '-movflags',
      '+faststart',
    ]
    await run('ffmpeg', ['-v', 'error', '-framerate', '2', '-i', join(folder, '%02d.jpg'), ...encode, output])
    return await readFile(output)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
