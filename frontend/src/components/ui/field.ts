import { inject, type ComputedRef, type InjectionKey } from 'vue'

/** What UiField tells the control inside it, so that label, hint and error belong to it for screen readers too. */
export interface FieldContext {
  id: string
  describedBy: ComputedRef<string | undefined>
  invalid: ComputedRef<boolean>
  required: ComputedRef<boolean>
}

export const fieldKey: InjectionKey<FieldContext> = Symbol('field')

/** The attributes that a control takes from the UiField around it; none without one. */
export function useField() {
  const field = inject(fieldKey, null)
  return () =>
    field
      ? {
          id: field.id,
          'aria-describedby': field.describedBy.value,
          'aria-invalid': field.invalid.value || undefined,
          'aria-required': field.required.value || undefined,
        }
      : {}
}

/** The look that all boxes to write in share. On a touch screen the text is over 16 px, or a phone zooms in. */
export const boxClass =
  'w-full rounded-sm border bg-surface px-3 text-body text-ink pointer-coarse:text-lead transition-colors hover:border-ink-faint focus-visible:outline-offset-0 disabled:opacity-60 border-line-strong aria-invalid:border-danger aria-invalid:focus-visible:outline-danger'
