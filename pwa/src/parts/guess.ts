// What the phone already knows about the home, so that nobody has to type it.

export function guessTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

const EURO = 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD MC SM VA ME XK'
const OTHERS: Readonly<Record<string, string>> = {
  US: 'USD', GB: 'GBP', CH: 'CHF', LI: 'CHF', SE: 'SEK', NO: 'NOK', DK: 'DKK', IS: 'ISK', PL: 'PLN', CZ: 'CZK', HU: 'HUF',
  RO: 'RON', RS: 'RSD', UA: 'UAH', TR: 'TRY', RU: 'RUB', CA: 'CAD', MX: 'MXN', BR: 'BRL', AR: 'ARS', CL: 'CLP', CO: 'COP',
  AU: 'AUD', NZ: 'NZD', JP: 'JPY', CN: 'CNY', KR: 'KRW', TW: 'TWD', HK: 'HKD', SG: 'SGD', IN: 'INR', ID: 'IDR', MY: 'MYR',
  TH: 'THB', VN: 'VND', PH: 'PHP', IL: 'ILS', AE: 'AED', SA: 'SAR', EG: 'EGP', ZA: 'ZAR', NG: 'NGN', KE: 'KES',
} // prettier-ignore

/** ISO 4217 code of the first language that names a country (`en-GB` → GBP); EUR when none does. */
export function guessCurrency(languages: readonly string[]): string {
  for (const language of languages) {
    const region = new Intl.Locale(language).region
    if (!region) continue
    if (EURO.includes(region)) return 'EUR'
    if (OTHERS[region]) return OTHERS[region]
  }
  return 'EUR'
}
