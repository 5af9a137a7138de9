import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { ApiError } from '@/api/error'
import type { Preset, PresetUpdate } from '@/api/preset'
import { i18n, setLocale, withWords } from '@/i18n'
import { allDefaults, changeOf, usePresetForm, valuesOf, type PresetValues } from './usePresetForm'

const preset: Preset = {
  new_per_day: 20, reviews_per_day: 200, steps: [60, 600], relearning_steps: [600], retention: 0.9, maximum_interval: 36500,
  weights: Array.from({ length: 21 }, (_, i) => i / 10), fuzz: false, leech_threshold: 8, leech_action: 'tag', bury_siblings: false,
} // prettier-ignore

beforeAll(async () => {
  await setLocale('en')
  await withWords(['schedule'], async () => null)()
})

function open(send = vi.fn<(change: PresetUpdate) => Promise<Preset>>(async () => preset)) {
  let form!: ReturnType<typeof usePresetForm>
  mount(defineComponent({ setup: () => ((form = usePresetForm({ preset: () => preset, send, done: () => {} })), () => h('div')) }), { global: { plugins: [createPinia(), i18n] } })
  return { form, send, sent: () => send.mock.lastCall?.[0] }
}

describe('the form of a preset', () => {
  it('sends nothing of what was not changed', async () => {
    const { form, sent } = open()
    await form.submit()
    expect(sent()).toEqual({})
  })

  it.each([
    ['new_per_day', ' 5 ', { new_per_day: 5 }],
    ['new_per_day', '0', { new_per_day: 0 }],
    ['steps', '30s 1d', { steps: [30, 86400] }],
    ['relearning_steps', '', { relearning_steps: [] }],
    ['retention', '92.5', { retention: 0.925 }],
    ['retention', '92,5', { retention: 0.925 }],
    ['retention', '90.0', {}],
    ['weights', '', { weights: null }],
    ['weights', Array(19).fill('1').join(' '), { weights: Array(19).fill(1) }],
    ['leech_action', 'suspend', { leech_action: 'suspend' }],
    ['fuzz', true, { fuzz: true }],
  ] as [keyof PresetValues & string, unknown, PresetUpdate][])('sends %s of %j as %j', async (field, typed, change) => {
    const { form, sent } = open()
    Object.assign(form.values, { [field]: typed })
    await form.submit()
    expect(form.errors).toEqual({})
    expect(sent()).toEqual(change)
  })

  it.each([
    ['new_per_day', '-1'],
    ['new_per_day', '10000'],
    ['reviews_per_day', '1.5'],
    ['reviews_per_day', ''],
    ['steps', '1m never'],
    ['steps', '2d'],
    ['retention', '69.9'],
    ['retention', '99.5'],
    ['retention', 'ninety'],
    ['maximum_interval', '0'],
    ['maximum_interval', '36501'],
    ['leech_threshold', '100'],
    ['weights', '1 2 3'],
  ])('keeps %s of %j here, and says what is wrong with it', async (field, typed) => {
    const { form, send } = open()
    Object.assign(form.values, { [field]: typed })
    await form.submit()
    expect(Object.keys(form.errors)).toEqual([field])
    expect(form.errors[field]).not.toMatch(/schedule\.|\{/)
    expect(send).not.toHaveBeenCalled()
  })

  it('puts what the server says under the box that it means', async () => {
    const refuse = async () => {
      throw new ApiError({ status: 422, code: 'validation_failed', fields: [{ field: 'steps[1]', message: 'is too long' }, { field: 'weights', message: 'are none' }] })
    }
    const { form } = open(vi.fn(refuse))
    form.values.new_per_day = '5'
    await form.submit()
    expect(form.errors).toEqual({ steps: 'Is too long.', weights: 'Are none.' })
    expect(form.failure.value).toBe('')
  })

  it('shows a preset so that it reads back as it was', () => {
    expect(changeOf(preset, { ...preset, weights: [...preset.weights] })).toEqual({})
    expect(valuesOf({ ...preset, retention: 0.925, steps: [90, 3600] })).toMatchObject({ retention: '92.5', steps: '90s 1h' })
  })

  it('knows every field to set back', () => {
    expect(Object.keys(allDefaults).toSorted()).toEqual(Object.keys(preset).toSorted())
  })
})
