export interface Agent {
  /** "Firefox", "aoki"; empty when nothing is known. */
  program: string
  /** "Windows", "iPhone"; empty when nothing is known. */
  system: string
  kind: 'computer' | 'phone' | 'tablet' | 'terminal'
}

// The first that fits: nearly everybody also claims to be Safari, and Chrome.
const programs: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bMicroMessenger\//, 'WeChat'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: [RegExp, string, Agent['kind']][] = [
  [/\biPhone\b/, 'iPhone', 'phone'],
  [/\biPad\b/, 'iPad', 'tablet'],
  [/\bHarmonyOS\b|\bOpenHarmony\b/, 'HarmonyOS', 'phone'],
  [/\bAndroid\b.*\bMobile\b/, 'Android', 'phone'],
  [/\bAndroid\b/, 'Android', 'tablet'],
  [/\bWindows\b/, 'Windows', 'computer'],
  [/\bCrOS\b/, 'ChromeOS', 'computer'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac', 'computer'],
  [/\bLinux\b|\bX11\b/, 'Linux', 'computer'],
]

/** What a User-Agent header means in human words. */
export function readAgent(header: string): Agent {
  const system = systems.find(([sign]) => sign.test(header))
  const browser = header.startsWith('Mozilla/') ? programs.find(([sign]) => sign.test(header)) : undefined
  if (browser || system) return { program: browser?.[1] ?? '', system: system?.[1] ?? '', kind: system?.[2] ?? 'computer' }
  // Programs name themselves first: "aoki/1.2", "curl/8.5.0", "Go-http-client/1.1".
  return { program: /^[\w.-]+(?=\/|$|\s)/.exec(header)?.[0] ?? '', system: '', kind: 'terminal' }
}
