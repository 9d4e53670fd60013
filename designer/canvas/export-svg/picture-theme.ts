/** The colours of an exported picture. A file stands alone, so these are written out, as sRGB that every viewer knows. */
export interface PictureTheme {
  readonly ground: string
  readonly card: string
  readonly foot: string
  readonly line: string
  readonly lineStrong: string
  readonly ink: string
  readonly inkMuted: string
  readonly reference: string
  readonly key: string
  readonly derived: string
  readonly note: string
  /** Text and soft ground of a hue, in degrees of OKLCH as the tokens have it. */
  readonly hued: (hue: number) => { readonly ink: string; readonly soft: string; readonly line: string }
}

export const PICTURE_THEMES: Readonly<Record<'light' | 'dark', PictureTheme>> = {
  light: {
    ground: '#f1f4f5',
    card: '#ffffff',
    foot: '#f9fafb',
    line: '#dbe0e1',
    lineStrong: '#bcc3c5',
    ink: '#1c2529',
    inkMuted: '#535f64',
    reference: '#8d999d',
    key: '#805600',
    derived: '#005f5a',
    note: '#fbf3dc',
    hued: (hue) => ({ ink: oklch(0.46, 0.11, hue), soft: oklch(0.95, 0.025, hue), line: oklch(0.82, 0.07, hue) }),
  },
  dark: {
    ground: '#0c1011',
    card: '#181e20',
    foot: '#121718',
    line: '#283032',
    lineStrong: '#424c4f',
    ink: '#e5eaec',
    inkMuted: '#9ca6aa',
    reference: '#606c70',
    key: '#e5b560',
    derived: '#5fd6cc',
    note: '#332b18',
    hued: (hue) => ({ ink: oklch(0.81, 0.1, hue), soft: oklch(0.285, 0.045, hue), line: oklch(0.43, 0.07, hue) }),
  },
}

/** OKLCH as sRGB, cut off where sRGB ends. After Björn Ottosson, "A perceptual color space for image processing". */
function oklch(lightness: number, chroma: number, hue: number): string {
  const angle = (hue * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return `#${linear.map(channel).join('')}`
}

function channel(linear: number): string {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.max(linear, 0) ** (1 / 2.4) - 0.055
  const byte = Math.round(Math.min(1, Math.max(0, value)) * 255)
  return byte.toString(16).padStart(2, '0')
}
