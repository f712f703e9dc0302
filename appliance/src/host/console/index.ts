export { createConsolePublisher } from './publish.ts'
export type { ProductWords } from './product-words.ts'
