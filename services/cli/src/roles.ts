// The roles of the fleet: one line each.

import { anomalyDetectorRole } from '@watchkeeper/anomaly-detector';
import { driftDetectorRole } from '@watchkeeper/drift-detector';
import { landingRole } from '@watchkeeper/landing';
import { loopDetectorRole } from '@watchkeeper/loop-detector';
import { meterRole } from '@watchkeeper/meter';
import type { Role } from '@watchkeeper/runtime';
import { schedulerRole } from '@watchkeeper/scheduler';
import { unknownRole } from './errors.js';

export const allRoles: readonly Role[] = [
  landingRole,
  loopDetectorRole,
  driftDetectorRole,
  meterRole,
  anomalyDetectorRole,
  schedulerRole,
];

/**
 * How `up` and `npm start` share the roles between processes. A process works on one core: the two detectors that read every text are the
 * heaviest, and together they would be what all others wait for.
 */
export const processGroups: readonly (readonly string[])[] = [
  ['landing', 'meter', 'anomaly-detector', 'scheduler'],
  ['loop-detector'],
  ['drift-detector'],
];

/** The roles of these names. Throws WK_UNKNOWN_ROLE. */
export function rolesNamed(names: readonly string[]): Role[] {
  return names.map((name) => {
    const role = allRoles.find((candidate) => candidate.name === name);
    if (!role)
      throw unknownRole(
        name,
        allRoles.map((known) => known.name),
      );
    return role;
  });
}
