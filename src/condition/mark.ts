import type { Since } from './ast.ts'
import { type Figure, orderOf, textOf, told } from './exact.ts'
import type { Trace } from './memory.ts'
import { isLong } from './numbers.ts'
import type { Holder, Scene } from './scene.ts'

type MarkTrace = Extract<Trace, { type: 'mark' }>

const BLANK: MarkTrace = { type: 'mark', value: null }

/**
 * A value to count from that a trigger remembers: the highest (`peak`) or lowest (`bottom`) since it was set or last
 * fired, the value of this moment included; or the value when it was first known (`now`), which no firing changes.
 */
export function mark(of: Extract<Since['type'], 'peak' | 'bottom' | 'now'>, value: Figure, scene: Scene): Figure {
  let trace = BLANK
  let double = Number.NaN
  const stored = told(
    () => double,
    () => trace.value!,
    () => isLong(trace.value!),
  )
  const remembered = choice(value.told, () => (trace.value === null ? value : stored))
  const order = orderOf(value, remembered)
  const isBeyond = () => (of === 'peak' ? order() > 0 : of === 'bottom' ? order() < 0 : false)
  const known = () => !Number.isNaN(value.read())
  const holder: Holder = {
    recall: (given) => {
      trace = given?.type === 'mark' ? given : BLANK
      double = trace.value === null ? Number.NaN : Number(trace.value)
    },
    fits,
    held: () => trace,
    after: () => (known() && (trace.value === null || isBeyond()) ? marked(trace, textOf(value.exact())) : trace),
    begun: (truth) => (of === 'now' ? holder.after(truth) : marked(trace, known() ? textOf(value.exact()) : null)),
  }
  scene.holders.push(holder)
  return choice(value.told, () => (isBeyond() ? value : remembered))
}

/** Whatever figure is the one at this moment; `isTold` where each of them is. */
function choice(isTold: boolean, pick: () => Figure): Figure {
  return {
    read: () => pick().read(),
    error: () => pick().error(),
    exact: () => pick().exact(),
    told: isTold,
    long: () => pick().long(),
  }
}

/** The same object where the value is the same. */
function marked(trace: MarkTrace, value: string | null): MarkTrace {
  return trace.value === value ? trace : { type: 'mark', value }
}

const fits: Holder['fits'] = (trace) =>
  trace.type === 'mark' && (trace.value === null || (trace.value !== '' && Number.isFinite(Number(trace.value))))
