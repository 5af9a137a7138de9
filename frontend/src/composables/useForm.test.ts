import { mount } from '@vue/test-utils'
import * as v from 'valibot'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { ApiError } from '@/api/error'
import { i18n, setLocale } from '@/i18n'
import { useForm } from './useForm'

const schema = () => v.object({ name: v.pipe(v.string(), v.trim(), v.minLength(1, 'needed')) })

function form(send: (values: { name: string }, key: string) => Promise<unknown>, more: object = {}) {
  let made!: ReturnType<typeof useForm<ReturnType<typeof schema>, unknown>>
  mount(
    defineComponent({
      setup() {
        made = useForm({ initial: { name: '' }, schema, send, ...more })
        return () => h('div')
      },
    }),
    { global: { plugins: [i18n] } },
  )
  return made
}

beforeAll(() => setLocale('en'))

describe('a form', () => {
  it('sends nothing while a field is wrong', async () => {
    const send = vi.fn(async () => {})
    const f = form(send)
    await f.submit()
    expect(f.errors).toEqual({ name: 'needed' })
    expect(send).not.toHaveBeenCalled()
  })

  it('sends what the schema made of the values, and is busy meanwhile', async () => {
    let answer = () => {}
    const send = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)))
    const done = vi.fn()
    const f = form(send, { done })
    f.values.name = '  Spanish '
    const sent = f.submit()
    void f.submit()
    expect(f.busy.value).toBe(true)
    answer()
    await sent
    expect(send.mock.calls).toEqual([[{ name: 'Spanish' }, expect.stringMatching(/^[0-9a-f]{32}$/)]])
    expect(done).toHaveBeenCalledOnce()
    expect(f.busy.value).toBe(false)
  })

  it('keeps the key while the same is sent again, and takes a new one for other values and after success', async () => {
    const keys: string[] = []
    let fails = 2
    const f = form(async (_, key) => {
      keys.push(key)
      if (fails-- > 0) throw new ApiError({ status: 0, code: 'network' })
    })
    f.values.name = 'a'
    await f.submit()
    f.values.name = 'b'
    await f.submit()
    await f.submit()
    await f.submit()
    expect(keys[1]).toBe(keys[2])
    expect(new Set(keys).size).toBe(3)
  })

  it('puts what the server says under its field, and the rest below the form', async () => {
    const errors = [
      new ApiError({ status: 422, code: 'validation_failed', fields: [{ field: 'input.name', message: 'is too long' }] }),
      new ApiError({ status: 422, code: 'validation_failed', fields: [{ field: 'elsewhere', message: 'is wrong' }] }),
      new ApiError({ status: 503, code: 'unavailable' }),
      new ApiError({ status: 400, code: 'never_heard_of', detail: 'The server says so.' }),
      new Error('a bug'),
    ]
    const f = form(
      async () => {
        throw errors.shift()
      },
      { fieldName: (field: string) => field.replace('input.', '') },
    )
    f.values.name = 'a'
    await f.submit()
    expect(f.errors).toEqual({ name: 'Is too long.' })
    expect(f.failure.value).toBe('')
    for (const words of ['marked fields', 'busy or restarting', 'The server says so.', 'Something went wrong']) {
      await f.submit()
      expect(f.errors).toEqual({})
      expect(f.failure.value).toContain(words)
    }
  })

  it('knows whether something was changed', async () => {
    const f = form(async () => {})
    expect(f.dirty.value).toBe(false)
    f.values.name = 'a'
    expect(f.dirty.value).toBe(true)
    f.reset()
    expect(f.dirty.value).toBe(false)
    expect(f.values.name).toBe('')
  })
})
