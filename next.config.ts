import type { NextConfig } from 'next'

const development = process.env.NODE_ENV === 'development'

/**
 * Everything comes from this server. What is allowed beyond that, and for whom: inline scripts and
 * styles (Next's page data, React Flow's and Monaco's styles), wasm and blob modules (PGlite and the
 * bundle in the preview), workers (Monaco, layout, preview). Development's hot reload needs eval.
 */
const pagePolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:${development ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  `connect-src 'self'${development ? ' ws:' : ''}`,
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** A worker from these files runs a project's code: it reaches no network at all. */
const workerPolicy = "default-src 'none'; script-src 'wasm-unsafe-eval' blob:; connect-src 'none'; worker-src 'none'"

const config: NextConfig = {
  distDir: process.env.SYNCLINE_DIST || '.next',
  serverExternalPackages: ['@electric-sql/pglite', '@electric-sql/pglite-socket', 'esbuild'],
  allowedDevOrigins: ['127.0.0.1'],
  // `npm test` checks types; a start need not do it again.
  typescript: { ignoreBuildErrors: true },
  // Served to this machine: packing nine megabytes of wasm would only cost time, and lose the content-length.
  compress: false,
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Referrer-Policy', value: 'no-referrer' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
      ],
    },
    { source: '/((?!preview/).*)', headers: [{ key: 'Content-Security-Policy', value: pagePolicy }] },
    { source: '/preview/:path*', headers: [{ key: 'Content-Security-Policy', value: workerPolicy }] },
    {
      // Named by their content, so they never change.
      source: '/preview/:name([^/]+\\.[0-9a-f]{12}\\.[^/]+)',
      headers: [{ key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }],
    },
  ],
}

export default config
