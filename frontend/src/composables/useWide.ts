import { useMediaQuery } from '@vueuse/core'

/** Whether two columns of text have room beside each other. */
export const useWide = () => useMediaQuery('(min-width: 56rem)')
