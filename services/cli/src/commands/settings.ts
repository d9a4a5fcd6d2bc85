// watchkeeper settings: every environment variable of a role, its default and what it does.

import { commonSettings, settingsTable } from '@watchkeeper/runtime';
import { allRoles, rolesNamed } from '../roles.js';

/** Prints a block for what all roles share and one per named role (default: all). Throws WK_UNKNOWN_ROLE. */
export function printSettings(names: readonly string[]): void {
  const roles = names.length === 0 ? allRoles : rolesNamed(names);
  const blocks = [['every role', commonSettings] as const, ...roles.map((role) => [role.name, role.settings] as const)];
  for (const [title, schema] of blocks) {
    process.stdout.write(`${title}\n`);
    for (const row of settingsTable(schema)) {
      const preset = row.default === '' ? '' : ` [${row.default}]`;
      process.stdout.write(`  ${row.name}${preset}\n      ${row.description}\n`);
    }
  }
}
