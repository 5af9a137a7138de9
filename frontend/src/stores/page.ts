import { defineStore } from 'pinia'
import { ref } from 'vue'

/** What the page in sight is called. A view overrides its route's title with the name of what it shows. */
export const usePage = defineStore('page', () => {
  const title = ref('')
  return { title }
})
