import { t } from '../../text/index.ts'

/** By name, as people of this language look for them. */
export function countryOptions(codes: readonly string[]): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(t.locale, { type: 'region' })
  return codes
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, t.locale))
}

/** What the box was told before, else where the languages of this phone are spoken, else nothing: then somebody has to say. */
export function likelyCountry(codes: readonly string[], told: string | null, languages: readonly string[]): string {
  const spoken = languages.map((language) => /-([A-Z]{2})\b/.exec(language)?.[1] ?? null)
  return [told, ...spoken].find((code) => code !== null && codes.includes(code)) ?? ''
}
