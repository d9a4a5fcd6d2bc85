// Structured logs: pino, one line of JSON per event, on stderr (stdout belongs to commands' results).

import { pino, type Logger } from 'pino';

export type { Logger };
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A logger on stderr; `name` is the process's or role's. Never log values of records: they may hold what people wrote. */
export function createLogger(options: { level: LogLevel; name?: string }): Logger {
  const base = options.name === undefined ? {} : { name: options.name };
  return pino(
    { level: options.level, base, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: false }),
  );
}

/** Logs nothing. */
export const silentLogger: Logger = pino({ level: 'silent' });
