// The settings of a set of roles, checked before anything starts.

import { WatchkeeperError } from '@watchkeeper/schemas';
import { z } from 'zod';
import { commonSettings, type CommonSettings } from './common-settings.js';
import { badSettings } from './errors.js';
import type { Role } from './role.js';
import { loadSettings, settingsTable, type KnownNames, type SettingRow } from './settings.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What is a setting anywhere in the fleet. */
export function knownNames(fleet: readonly Role[]): KnownNames {
  return {
    names: [...Object.keys(commonSettings.shape), ...fleet.flatMap((role) => Object.keys(role.settings.shape))],
    prefixes: fleet.map((role) => role.settingsPrefix),
  };
}

/** Role → its settings and the common ones. Throws WK_SETTINGS with the faults of all roles, each once. */
export function loadRoleSettings(
  roles: readonly Role[],
  env: Env,
  fleet: readonly Role[] = roles,
): Map<Role, CommonSettings & Record<string, unknown>> {
  const known = knownNames([...new Set([...fleet, ...roles])]);
  const loaded = new Map<Role, CommonSettings & Record<string, unknown>>();
  const faults = new Set<string>();
  for (const role of roles) {
    const schema = z.object({ ...commonSettings.shape, ...role.settings.shape });
    try {
      loaded.set(role, loadSettings(schema, env, known));
    } catch (error) {
      if (!(error instanceof WatchkeeperError) || error.code !== 'WK_SETTINGS') throw error;
      for (const line of error.message.split('\n').slice(1)) faults.add(line.trim());
    }
  }
  if (faults.size > 0) throw badSettings(roles.map((role) => role.name).join(', '), [...faults]);
  return loaded;
}

/** A role's own settings, for --help and its README. */
export function roleSettingsTable(role: Role): SettingRow[] {
  return settingsTable(role.settings);
}
