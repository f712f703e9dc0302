// The words of the app in the person's language. A second language is a second object of type Catalogue.
import { en } from './en.ts'

export type Catalogue = typeof en

export const t: Catalogue = en
