// Text primitives of the detectors and the emitter: canonical forms, hashes, sketches.

export { hash32, hash64, Hash64Stream, mix32, type Hash64 } from './hash.js';
export { HashList } from './hash-list.js';
export { plainNumbers } from './numbers.js';
export { MAX_TEXT_CHARS, tokenHashPairs, tokenHashes, tokens, type MaskLevel } from './tokens.js';
export { canonicalArguments, canonicalText, type ArgumentPair } from './canonical.js';
export * from './simhash.js';
export * from './sketch.js';
export * from './keyed-hash.js';
export * from './fingerprint.js';
