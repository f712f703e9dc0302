const Z_95 = 1.96

/** Wilson's 95 % interval of a share; the whole range when nothing was counted. */
export function wilson(hits: number, total: number): { share: number; low: number; high: number } {
  if (total === 0) return { share: Number.NaN, low: 0, high: 1 }
  const share = hits / total
  const z2 = Z_95 ** 2
  const centre = share + z2 / (2 * total)
  const spread = Z_95 * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total ** 2))
  const whole = 1 + z2 / total
  return { share, low: Math.max(0, (centre - spread) / whole), high: Math.min(1, (centre + spread) / whole) }
}
