// The setting that tunes detectors per tenant and agent: a JSON file, or its text.

import { readFileSync } from 'node:fs';
import { sensitivities, type AgentRule } from '@watchkeeper/schemas';
import { z } from 'zod';

const text = z.string().min(1);
const rulesFile = z.array(
  z.strictObject({
    tenant: text.optional(),
    agent: text.optional(),
    detectors: z.array(z.enum(['loop-detector', 'drift-detector', 'anomaly-detector'])).optional(),
    sensitivity: z.enum(sensitivities).optional(),
    polling: z.array(text).optional(),
  }),
);

/** What DETECTION_RULES, which all detectors share, holds: read and checked, an issue per fault. Without it there are no rules. */
export const rulesSetting = (): z.ZodType<readonly AgentRule[]> =>
  z
    .string()
    .default('[]')
    .transform((value, context): readonly AgentRule[] => {
      const parsed = rulesFile.safeParse(jsonOf(value, context));
      if (parsed.success) return parsed.data;
      if (context.issues.length > 0) return z.NEVER;
      for (const { path, message } of parsed.error.issues) {
        const [rule, ...field] = path;
        const place =
          rule === undefined ? [] : [`rule ${Number(rule) + 1}`, ...(field.length > 0 ? [field.join('.')] : [])];
        context.addIssue([...place, message].join(': '));
      }
      return z.NEVER;
    })
    .describe(
      'Rules per tenant and agent (docs/detectors.md): the path of a JSON file, or the JSON itself where it begins with [.',
    );

function jsonOf(value: string, context: z.RefinementCtx): unknown {
  let json = value;
  if (!value.trimStart().startsWith('[')) {
    try {
      json = readFileSync(value, 'utf8');
    } catch (error) {
      context.addIssue(`its file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no code'})`);
      return undefined;
    }
  }
  try {
    return JSON.parse(json) as unknown;
  } catch {
    context.addIssue('is no JSON');
    return undefined;
  }
}
