// Pieces of ffmpeg's filter language.

/**
 * Lets a picture through as soon as its time has come (the `fps` filter would hold it until the next one arrives). `abs`
 * keeps a camera going whose clock jumps back; the tolerance of 10 % makes 15, 25 and 30 pictures a second come out even.
 */
export function pick(framesPerSecond: number): string {
  const gap = (0.9 / framesPerSecond).toFixed(3)
  return `select='isnan(prev_selected_t)+gte(abs(t-prev_selected_t),${gap})'`
}

/** At most `maxWidth` wide, both sides even. Chosen pictures only: scaling comes after picking. */
export function shrink(maxWidth: number): string {
  return `scale=${smallSize(maxWidth)}:flags=fast_bilinear`
}

/** Sides of a picture of at most that width, as ffmpeg's scalers take them. */
export function smallSize(maxWidth: number): string {
  return `w='trunc(min(${maxWidth},iw)/2)*2':h='trunc(ih*min(${maxWidth},iw)/iw/2)*2'`
}
