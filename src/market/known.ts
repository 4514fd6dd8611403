import type { Quote } from './provider.ts'

/** The figures of a quote without those that are null or undefined: what a provider does not tell is left out. */
export function known(figures: { readonly [name in keyof Quote]?: Quote[name] | null | undefined }): Partial<Quote> {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== null && value !== undefined))
}
