// Text primitives of the detectors and the emitter: canonical forms, hashes, sketches.

export * from './hash.js';
export { MAX_TEXT_CHARS, tokenHashPairs, tokenHashes, tokens, type MaskLevel } from './tokens.js';
export { canonicalArguments, canonicalText, type ArgumentPair } from './canonical.js';
export * from './simhash.js';
export * from './sketch.js';
export * from './keyed-hash.js';
export * from './fingerprint.js';
