// What the demo's camera sees: the clip's people, with quiet before and after, so that incidents begin and end.

/** Seconds of the looped scene. A loop outlasts the 30 s of quiet that close an incident. */
const QUIET_BEFORE_S = 8
const PEOPLE_FROM_S = 44
const PEOPLE_TO_S = 75
const QUIET_AFTER_S = 40
const FADE_S = 1
const FRAMES_PER_S = 10

/**
 * ffmpeg's filter graph from vtest.avi to the scene. Nobody ever leaves that square, but its median over the whole clip
 * is the empty square; a little noise keeps the quiet parts as lively as a sensor is.
 */
export function quietThenPeople(): string {
  const peopleS = PEOPLE_TO_S - PEOPLE_FROM_S
  const still = (seconds: number): string => `trim=duration=${seconds},setpts=PTS-STARTPTS,settb=AVTB`
  const crossfade = (offsetS: number): string => `xfade=transition=fade:duration=${FADE_S}:offset=${offsetS}`
  return [
    '[0:v]scale=640:480,split[whole][part]',
    `[whole]fps=1,tmedian=radius=35,trim=end_frame=1,loop=loop=-1:size=1,fps=${FRAMES_PER_S},setpts=N/${FRAMES_PER_S}/TB,noise=alls=3:allf=t,split[q1][q2]`,
    `[q1]${still(QUIET_BEFORE_S)}[before]`,
    `[q2]${still(QUIET_AFTER_S)}[after]`,
    `[part]trim=start=${PEOPLE_FROM_S}:end=${PEOPLE_TO_S},setpts=PTS-STARTPTS,fps=${FRAMES_PER_S},settb=AVTB[people]`,
    `[before][people]${crossfade(QUIET_BEFORE_S - FADE_S)}[begun]`,
    `[begun][after]${crossfade(QUIET_BEFORE_S + peopleS - 2 * FADE_S)},format=yuv420p`,
  ].join(';')
}
