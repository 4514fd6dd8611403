import type { Alert } from '../alert/types.ts'
import { format } from '../condition/format.ts'

/** The line that sets such an alert: a time that is past is left out, as it could not be set again. */
export function alertLine({ condition, options, phase }: Pick<Alert, 'condition' | 'options' | 'phase'>): string {
  const { until: _, ...rest } = options
  return `alert ${format({ condition, options: phase === 'expired' ? rest : options })}`
}
