import { defineStore } from 'pinia'
import { ref } from 'vue'

/** What the page in sight is called. A view overrides its route's title with the name of what it shows. */
export const usePage = defineStore('page', () => {
  const title = ref('')
  // A part of the app is gone from the server: there is a newer one.
  const stale = ref(false)
  return { title, stale }
})
