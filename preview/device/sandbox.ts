/**
 * Takes everything from a worker's globals that a bundle doesn't need, before any of its code runs.
 *
 * The response of the worker's script carries a content security policy without any source to connect
 * to, which cuts the network. What a policy can't cut is the storage and the channels that the worker
 * shares with the page's origin: those go here. It is a list of what stays, so that whatever a browser
 * adds tomorrow is gone too. A worker that may not make workers or frames has no second realm from which to
 * fetch a fresh copy.
 */

/** The language itself, and of the platform what computes, encodes, waits or describes data. */
const KEPT: readonly string[] = [
  // Language
  'globalThis',
  'Object',
  'Function',
  'Array',
  'String',
  'Number',
  'Boolean',
  'Symbol',
  'BigInt',
  'Math',
  'Date',
  'RegExp',
  'JSON',
  'Promise',
  'Proxy',
  'Reflect',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'FinalizationRegistry',
  'Intl',
  'Iterator',
  'AsyncIterator',
  'Temporal',
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'SuppressedError',
  'DisposableStack',
  'AsyncDisposableStack',
  'ArrayBuffer',
  'DataView',
  'Atomics',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'NaN',
  'Infinity',
  'undefined',
  'isNaN',
  'isFinite',
  'parseInt',
  'parseFloat',
  'encodeURI',
  'encodeURIComponent',
  'decodeURI',
  'decodeURIComponent',
  'escape',
  'unescape',
  'eval',
  'WebAssembly',
  // Platform, without any way out
  'self',
  'console',
  'performance',
  'Performance',
  'crypto',
  'Crypto',
  'SubtleCrypto',
  'CryptoKey',
  'location',
  'WorkerLocation',
  'isSecureContext',
  'crossOriginIsolated',
  'origin',
  'WorkerGlobalScope',
  'DedicatedWorkerGlobalScope',
  'EventTarget',
  'Event',
  'ErrorEvent',
  'CustomEvent',
  'MessageEvent',
  'PromiseRejectionEvent',
  'DOMException',
  'AbortController',
  'AbortSignal',
  'Blob',
  'File',
  'FileReader',
  'FileReaderSync',
  'FormData',
  'URL',
  'URLSearchParams',
  'URLPattern',
  'Headers',
  'Request',
  'Response',
  'TextEncoder',
  'TextDecoder',
  'TextEncoderStream',
  'TextDecoderStream',
  'ReadableStream',
  'ReadableStreamDefaultReader',
  'ReadableStreamBYOBReader',
  'ReadableStreamDefaultController',
  'ReadableByteStreamController',
  'ReadableStreamBYOBRequest',
  'WritableStream',
  'WritableStreamDefaultWriter',
  'WritableStreamDefaultController',
  'TransformStream',
  'TransformStreamDefaultController',
  'ByteLengthQueuingStrategy',
  'CountQueuingStrategy',
  'CompressionStream',
  'DecompressionStream',
  'atob',
  'btoa',
  'structuredClone',
  'queueMicrotask',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'reportError',
  'MessageChannel',
  'MessagePort',
  'addEventListener',
  'removeEventListener',
  'dispatchEvent',
  'onerror',
  'onunhandledrejection',
  'onrejectionhandled',
]

/**
 * Removes all other globals of this worker, wherever on the global's prototype chain they are. Answers the
 * names that could not be removed; the caller must not go on when there are any.
 */
export function sealGlobals(scope: object): readonly string[] {
  const kept = new Set<string>(KEPT)
  const stuck: string[] = []
  for (
    let holder: object | null = scope;
    holder !== null && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder)
  ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (kept.has(name) || (holder !== scope && name === 'constructor')) continue
      if (!Reflect.deleteProperty(holder, name) && !isConstant(holder, name)) stuck.push(name)
    }
  }
  return stuck
}

/** Numbers such as `TEMPORARY` can't be removed, and nothing can be done with them. */
function isConstant(holder: object, name: string): boolean {
  const value = Object.getOwnPropertyDescriptor(holder, name)?.value as unknown
  return typeof value === 'number' || typeof value === 'string'
}
