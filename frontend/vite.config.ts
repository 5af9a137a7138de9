import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { katexFonts } from './scripts/katex-fonts.ts'
import { precompileWords } from './scripts/precompile-words.ts'

// The Go half that `make dev` serves. Host and Origin stay those of the dev
// server (changeOrigin: false), so that they match each other on the Go side.
const api = process.env.AOKI_DEV_API ?? 'http://127.0.0.1:8080'
const proxy = { target: api, changeOrigin: false }

export default defineConfig({
  plugins: [vue(), tailwind(), precompileWords(), katexFonts()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': proxy, '/ws': { ...proxy, ws: true } },
  },
  build: {
    target: 'es2023',
    manifest: true,
    // No data: addresses in CSS or scripts: the content policy allows them for images alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    restoreMocks: true,
    unstubGlobals: true,
  },
})
