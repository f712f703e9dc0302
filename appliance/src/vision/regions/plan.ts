import type { Box } from '../../api/common.ts'
import type { Region } from './crop.ts'

export interface Wanted {
  /** Fractions of the frame. */
  box: Box
  /** Followed things are known in full; motion may show only a part of what moves. */
  isWholeThing: boolean
}

export interface PlanInput {
  width: number
  height: number
  /** The model's input side in pixels: a crop of this size is seen at the camera's own sharpness. */
  inputSide: number
  /** Usual size of things around a box in fractions of the frame's height, or null. */
  sizeAt(box: Box): number | null
  /** Counts the plans of a camera. */
  turn: number
}

export interface PlannedRegion {
  region: Region
  /** What it was planned for, whole and uncut inside it. */
  wanted: readonly Wanted[]
}

/** Things are found best when they fill about this share of what the model sees. */
const THING_SHARE = 1 / 3
/** A followed thing moves on, and its box may have been too small. */
const ROOM_AROUND_THING = 1.6
const ROOM_AROUND_MOTION = 2
/** Tighter than this share of the model's input, enlarging brings nothing more (bench `regions`). */
const TIGHTEST = 0.5
/** Where nothing is known yet, motion may be a person far away, or the foot of one who is near: looks try both by turns. */
const TIGHTEST_BY_TURNS = [TIGHTEST, 0.85] as const
/** Sides grow by this step, so that there are only few sizes of crops. */
const STEP = 1.25
/** Two crops are joined when one around both is at most this much of their areas together. */
const JOINED_AREA = 1.1
/** A region that covers so much of both sides may as well be the whole picture. */
const NEARLY_WHOLE = 0.9

/** In pixels: what must lie inside, and how long a side the crop needs. */
interface Draft {
  left: number
  top: number
  right: number
  bottom: number
  side: number
  wanted: Wanted[]
}

/** Where to look: square crops around all that is wanted, near ones joined. Empty when the whole picture is best. Pure. */
export function planRegions(wanted: readonly Wanted[], input: PlanInput): PlannedRegion[] {
  const sides = ladder(input)
  const drafts = joinAll(
    wanted.map((each) => draftOf(each, input, sides)),
    sides,
  )
  const planned = drafts.map((draft) => ({ region: place(draft, input), wanted: draft.wanted }))
  const { width, height } = input
  const isLarge = ({ region }: PlannedRegion): boolean =>
    region.width >= NEARLY_WHOLE * width && region.height >= NEARLY_WHOLE * height
  return planned.some(isLarge) ? [] : planned
}

function ladder({ width, height, inputSide }: PlanInput): number[] {
  const sides: number[] = []
  const longest = Math.max(width, height)
  for (let side = inputSide * TIGHTEST; side < longest; side *= STEP)
    sides.push(Math.max(2, Math.round(side / 16) * 16))
  return [...sides, longest]
}

const stepUp = (side: number, sides: readonly number[]): number =>
  sides.find((each) => each >= side) ?? (sides.at(-1) as number)

function draftOf(each: Wanted, input: PlanInput, sides: readonly number[]): Draft {
  const { width, height, inputSide } = input
  const { box, isWholeThing } = each
  const room = isWholeThing ? ROOM_AROUND_THING : ROOM_AROUND_MOTION
  const longer = Math.max(box.width * width, box.height * height)
  const usual = input.sizeAt(box)
  const unknown = inputSide * (TIGHTEST_BY_TURNS[input.turn % 2] ?? TIGHTEST)
  const least = isWholeThing ? 0 : usual === null ? unknown : (usual * height) / THING_SHARE
  const side = stepUp(Math.max(longer * room, longer / THING_SHARE, least), sides)
  const [spareX, spareY] = [((room - 1) / 2) * box.width * width, ((room - 1) / 2) * box.height * height]
  return {
    left: Math.max(0, box.x * width - spareX),
    top: Math.max(0, box.y * height - spareY),
    right: Math.min(width, (box.x + box.width) * width + spareX),
    bottom: Math.min(height, (box.y + box.height) * height + spareY),
    side,
    wanted: [each],
  }
}

/** Joins the pair that gains most, until none gains. */
function joinAll(drafts: readonly Draft[], sides: readonly number[]): Draft[] {
  let left = [...drafts]
  for (;;) {
    let best: { a: Draft; b: Draft; joined: Draft; worth: number } | null = null
    for (const [index, a] of left.entries()) {
      for (const b of left.slice(index + 1)) {
        const joined = join(a, b, sides)
        const worth = (a.side ** 2 + b.side ** 2) * JOINED_AREA - joined.side ** 2
        if (worth >= 0 && (!best || worth > best.worth)) best = { a, b, joined, worth }
      }
    }
    if (!best) return left
    const { a, b, joined } = best
    left = [...left.filter((each) => each !== a && each !== b), joined]
  }
}

function join(a: Draft, b: Draft, sides: readonly number[]): Draft {
  const [left, top] = [Math.min(a.left, b.left), Math.min(a.top, b.top)]
  const [right, bottom] = [Math.max(a.right, b.right), Math.max(a.bottom, b.bottom)]
  const side = stepUp(Math.max(right - left, bottom - top, a.side, b.side), sides)
  return { left, top, right, bottom, side, wanted: [...a.wanted, ...b.wanted] }
}

/** Around the middle of what is wanted, inside the frame, on even pixels. */
function place({ left, top, right, bottom, side }: Draft, frame: PlanInput): Region {
  const width = Math.min(side, frame.width)
  const height = Math.min(side, frame.height)
  const within = (middle: number, length: number, all: number): number =>
    Math.floor(Math.min(Math.max(middle - length / 2, 0), all - length) / 2) * 2
  return {
    left: within((left + right) / 2, width, frame.width),
    top: within((top + bottom) / 2, height, frame.height),
    width,
    height,
  }
}
