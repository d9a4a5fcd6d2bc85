// Java's version, as the many Javas print it.
import { expect, it } from 'vitest';
import { javaMajor } from './java.js';

it.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime', 17],
  ['java version "1.8.0_292"', 8],
  ['openjdk version "21" 2023-09-19', 21],
  ['openjdk version "26-ea" 2026-03-17', 26],
  ['gibberish', undefined],
])('%j is %s', (text, major) => expect(javaMajor(text)).toBe(major));
