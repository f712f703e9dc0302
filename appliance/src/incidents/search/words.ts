const LONGEST_WORD = 40

/**
 * The words of a text as the index keeps them: lower case, without accents, letters and digits only. Texts of documents
 * and texts that are searched for go through this alike, so that nothing typed can be anything but words.
 */
export function wordsIn(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => [...word].slice(0, LONGEST_WORD).join(''))
}
