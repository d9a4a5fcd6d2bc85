import { describe, expect, it } from 'vitest';
import { detectionId } from './detection.js';

const identity = {
  tenant_id: 'acme',
  detector: 'loop-detector',
  detector_version: 1,
  kind: 'loop.repeat',
  subject: 'session-7',
  metric: '',
  anchor: 12,
};

describe('detectionId', () => {
  it('is the same for the same identity, whatever else a detection says', () => {
    expect(detectionId({ ...identity })).toBe(detectionId(identity));
    expect(detectionId(identity)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['tenant_id', 'detector', 'detector_version', 'kind', 'subject', 'metric', 'anchor'] as const)(
    'changes with %s',
    (field) => {
      const other = { ...identity, [field]: typeof identity[field] === 'number' ? 99 : 'other' };
      expect(detectionId(other)).not.toBe(detectionId(identity));
    },
  );

  it('does not mix neighbouring fields up', () => {
    expect(detectionId({ ...identity, kind: 'ab', subject: 'c' })).not.toBe(
      detectionId({ ...identity, kind: 'a', subject: 'bc' }),
    );
  });
});
