/** What lies at a path in parsed JSON, or undefined where the path breaks off: never throws, whatever came. */
export function dig(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = (here as Record<string | number, unknown>)[key]
  }
  return here
}

/** The array at a path, or an empty one. */
export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = dig(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The text at a path, trimmed, or null where there is none. */
export function words(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = dig(value, ...path)
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : null
}
