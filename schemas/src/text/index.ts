// Text primitives of the detectors and the emitter: canonical forms, hashes, sketches.

export { hash32, hash64, Hash64Stream, mix32, sequenceHash, type Hash64 } from './hash.js';
export { HashList } from './hash-list.js';
export { plainNumbers } from './numbers.js';
export { ID_WORD, MAX_TEXT_CHARS, STAMP_WORD, tokenHashPairs, tokenHashes, tokens, type MaskLevel } from './tokens.js';
export { canonicalArguments, canonicalText, type ArgumentPair } from './canonical.js';
export * from './simhash.js';
export * from './sketch.js';
export * from './keyed-hash.js';
export * from './fingerprint.js';
export {
  MOST_ARGUMENTS,
  argumentFacets,
  maskedWordOfCode,
  resultFacets,
  wordOfCode,
  type ArgumentFacet,
  type ResultFacets,
  type WordCode,
} from './facets.js';
export { bounded, ownCopy } from './bounded.js';
export { firstLineEnd } from './lines.js';
