// Counters, gauges and histograms from the one list, exposed in Prometheus' text form.

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import {
  METRICS,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
  type MetricSpec,
} from './metric-list.js';

/** What a role may report. Names and labels are checked by the compiler. */
export interface Metrics {
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number): void;
  set<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void;
  /** Forgets one series, e.g. the lag of a partition given up. */
  drop<N extends GaugeName>(name: N, labels: LabelsOf<N>): void;
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void;
  /** The value of a series; 0 where it was never set (a histogram's count). For tests and summaries. */
  valueOf<N extends MetricName>(name: N, labels: Partial<LabelsOf<N>>): Promise<number>;
  /** Prometheus' text form. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Metrics with a registry of their own. `processDefaults` adds prom-client's figures of the process. */
export function createMetrics(options: { processDefaults?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processDefaults) collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [key, spec] of Object.entries<MetricSpec>(METRICS)) {
    const common = { name: spec.name, help: spec.help, labelNames: [...spec.labels], registers: [registry] };
    if (spec.kind === 'counter') counters.set(key, new Counter(common));
    else if (spec.kind === 'gauge') gauges.set(key, new Gauge(common));
    else histograms.set(key, new Histogram({ ...common, buckets: [...(spec.buckets ?? [])] }));
  }
  return {
    contentType: registry.contentType,
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    drop: (name, labels) => gauges.get(name)?.remove(labels),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    text: () => registry.metrics(),
    async valueOf(name, labels) {
      const spec: MetricSpec = METRICS[name];
      const found = await registry.getSingleMetric(spec.name)?.get();
      const suffix = spec.kind === 'histogram' ? '_count' : '';
      let sum = 0;
      for (const value of found?.values ?? []) {
        const metricName = (value as { metricName?: string }).metricName ?? spec.name;
        if (metricName !== spec.name + suffix) continue;
        const fits = Object.entries<string | number | undefined>(labels).every(
          ([label, wanted]) => String(value.labels[label]) === String(wanted),
        );
        if (fits) sum += value.value;
      }
      return sum;
    },
  };
}

/** The list as rows of a table for the README. */
export function metricsTable(): { name: string; kind: string; labels: string; help: string }[] {
  return Object.values<MetricSpec>(METRICS).map(({ name, kind, labels, help }) => ({
    name,
    kind,
    labels: labels.join(', '),
    help,
  }));
}
