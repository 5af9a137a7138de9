import * as v from 'valibot'
import { useI18n } from 'vue-i18n'
import type { Preset, PresetUpdate } from '@/api/preset'
import { formatSteps, parseSteps } from '@/lib/duration'
import { formatWeights, parseWeights } from '@/lib/weights'
import { useForm } from './useForm'

/** A preset as it is typed: numbers and lists as text, retention in percent. */
export interface PresetValues extends Record<string, unknown> {
  new_per_day: string
  reviews_per_day: string
  steps: string
  relearning_steps: string
  retention: string
  maximum_interval: string
  fuzz: boolean
  bury_siblings: boolean
  leech_threshold: string
  leech_action: Preset['leech_action']
  weights: string
}

export const valuesOf = (preset: Preset): PresetValues => ({
  new_per_day: String(preset.new_per_day),
  reviews_per_day: String(preset.reviews_per_day),
  steps: formatSteps(preset.steps),
  relearning_steps: formatSteps(preset.relearning_steps),
  retention: String(Math.round(preset.retention * 10_000) / 100),
  maximum_interval: String(preset.maximum_interval),
  fuzz: preset.fuzz,
  bury_siblings: preset.bury_siblings,
  leech_threshold: String(preset.leech_threshold),
  leech_action: preset.leech_action,
  weights: formatWeights(preset.weights),
})

/** Each field of a preset at its default. */
export const allDefaults: { [K in keyof Preset]-?: null } = {
  new_per_day: null, reviews_per_day: null, steps: null, relearning_steps: null, retention: null, maximum_interval: null,
  weights: null, fuzz: null, leech_threshold: null, leech_action: null, bury_siblings: null,
} // prettier-ignore

/** What differs: the others stay as they are, also where that is the default of tomorrow. */
export const changeOf = (before: Preset, after: PresetUpdate): PresetUpdate =>
  Object.fromEntries(Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof Preset])))

export function usePresetForm(options: { preset: () => Preset; send: (change: PresetUpdate) => Promise<Preset>; done: (preset: Preset) => unknown }) {
  const { t } = useI18n()

  const whole = (from: number, to: number) =>
    v.pipe(
      v.string(),
      v.trim(),
      v.check((text) => /^\d{1,6}$/.test(text) && Number(text) >= from && Number(text) <= to, t('schedule.preset.whole', { from, to })),
      v.transform(Number),
    )
  const percent = (from: number, to: number) =>
    v.pipe(
      v.string(),
      v.transform((text) => text.trim().replace(',', '.')),
      v.check((text) => /^\d+(\.\d{1,2})?$/.test(text) && Number(text) >= from && Number(text) <= to, t('schedule.preset.percent', { from, to })),
      v.transform((text) => Math.round(Number(text) * 100) / 10_000),
    )
  const steps = () =>
    v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const found = parseSteps(dataset.value)
        if (Array.isArray(found)) return found
        if (found.problem === 'many') addIssue({ message: t('schedule.preset.stepMany', { n: 10 }) })
        else if (found.problem === 'range') addIssue({ message: t('schedule.preset.stepRange', { word: found.word }) })
        else addIssue({ message: t('schedule.preset.stepUnknown', { word: found.word }) })
        return NEVER
      }),
    )
  const weights = () =>
    v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        if (dataset.value.trim() === '') return null
        const found = parseWeights(dataset.value)
        if (found) return found
        addIssue({ message: t('schedule.preset.weightsWrong') })
        return NEVER
      }),
    )

  return useForm({
    initial: valuesOf(options.preset()),
    schema: () =>
      v.object({
        new_per_day: whole(0, 9999),
        reviews_per_day: whole(0, 9999),
        steps: steps(),
        relearning_steps: steps(),
        retention: percent(70, 99),
        maximum_interval: whole(1, 36_500),
        fuzz: v.boolean(),
        bury_siblings: v.boolean(),
        leech_threshold: whole(0, 99),
        leech_action: v.picklist(['tag', 'suspend']),
        weights: weights(),
      }),
    send: (after) => options.send(changeOf(options.preset(), after)),
    done: options.done,
    // "steps[2]" → the box of all steps
    fieldName: (field) => field.split(/[[.]/)[0]!,
  })
}
