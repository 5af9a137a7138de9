import * as v from 'valibot'
import { computed, nextTick, reactive, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError, isApiError } from '@/api/error'
import { newKey } from '@/api/http'
import { useErrorText } from './useErrorText'

/**
 * A form: its values, its errors, and its way to the server.
 *
 * `submit` checks the values with the schema (whose messages are texts for
 * people), calls `send(values, key)`, and puts what the server says under the
 * fields it names. `key` is the Idempotency-Key: the same while the same values
 * are sent again, so a repeated press never creates twice.
 * `fieldName` translates the server's names ("fields.Front") to the form's.
 */
export function useForm<S extends v.GenericSchema<Record<string, unknown>, unknown>, R>(options: {
  initial: v.InferInput<S>
  schema: () => S
  send: (values: v.InferOutput<S>, key: string) => Promise<R>
  done?: (result: R) => unknown
  fieldName?: (field: string) => string
  /** Other words for an error; undefined leaves the usual ones. */
  explain?: (error: ApiError) => string | undefined
}) {
  type Values = v.InferInput<S>
  const errorText = useErrorText()
  const { t, locale } = useI18n()
  const values = reactive({ ...options.initial }) as Values
  const errors = reactive<Record<string, string>>({})
  const failure = ref('')
  const busy = ref(false)
  const start = shallowRef(JSON.stringify(options.initial))
  let sent = { body: '', key: '' }

  const dirty = computed(() => JSON.stringify(values) !== start.value)

  function clear() {
    failure.value = ''
    for (const field of Object.keys(errors)) delete errors[field]
  }

  /** Checks without sending; true when all is well. */
  function check(): v.InferOutput<S> | null {
    clear()
    const result = v.safeParse(options.schema(), values)
    if (result.success) return result.output
    for (const issue of result.issues) {
      const field = v.getDotPath(issue)
      if (field && !errors[field]) errors[field] = issue.message
    }
    return null
  }

  /** Puts an error where it belongs: under the fields it names, or above them all. */
  function refuse(error: unknown) {
    const known = new Set(Object.keys(values as object))
    let placed = false
    if (error instanceof ApiError) {
      for (const { field, message } of error.fields) {
        const name = options.fieldName?.(field) ?? field
        if (!known.has(name)) continue
        errors[name] = options.explain?.(error) ?? fieldText(message)
        placed = true
      }
    }
    if (!placed) failure.value = (isApiError(error) && options.explain?.(error)) || errorText(error)
  }

  /** The server's words about a field are English, for programs; elsewhere it is ours, which say less. */
  const fieldText = (message: string) =>
    locale.value === 'en' ? `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.') : t('common.field.invalid')

  async function submit(event?: Event): Promise<R | undefined> {
    event?.preventDefault()
    if (busy.value) return
    const checked = check()
    if (checked === null) return void focusFirstError(event)
    const body = JSON.stringify(checked)
    if (sent.body !== body) sent = { body, key: newKey() }
    busy.value = true
    try {
      const result = await options.send(checked, sent.key)
      sent = { body: '', key: '' }
      start.value = JSON.stringify(values)
      await options.done?.(result)
      return result
    } catch (error) {
      refuse(error)
      focusFirstError(event)
    } finally {
      busy.value = false
    }
  }

  /** Back to these values (or the first ones), without errors. */
  function reset(to: Values = options.initial) {
    clear()
    Object.assign(values as object, to)
    start.value = JSON.stringify(values)
  }

  return { values, errors, failure, busy, dirty, submit, check, refuse, reset }
}

async function focusFirstError(event?: Event) {
  const form = event?.target
  await nextTick()
  if (form instanceof HTMLElement) form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
