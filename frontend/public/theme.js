// Puts the chosen theme on <html> before the first paint. It is a file of its
// own, because the content policy allows no inline script.
;(function () {
  var choice = null
  try {
    choice = localStorage.getItem('aoki.theme')
  } catch (_) {
    // storage is forbidden: the system's theme is used
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.add(dark ? 'dark' : 'light')
})()
