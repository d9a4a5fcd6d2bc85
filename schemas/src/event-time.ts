// Event time: the future is clamped to the log's own stamp, the past never (design, section 4).

/** `occurredAtMicros`, but never later than the record's LogAppendTime (`kafkaTimestampMs`). */
export function clampToLog(occurredAtMicros: number, kafkaTimestampMs: number): number {
  return Math.min(occurredAtMicros, kafkaTimestampMs * 1000);
}
