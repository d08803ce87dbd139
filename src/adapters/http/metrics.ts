export interface Metric {
  /** In Prometheus' form, `sallyport_sessions_live`; counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Prometheus' text format 0.0.4. Metrics of one name stand together. */
export function metricsText(metrics: readonly Metric[]): string {
  const lines: string[] = [];
  for (const [name, family] of Map.groupBy(metrics, (metric) => metric.name)) {
    const [first] = family;
    lines.push(`# HELP ${name} ${escapeHelp(first?.help ?? '')}`, `# TYPE ${name} ${first?.type ?? 'gauge'}`);
    for (const metric of family) lines.push(`${name}${labelText(metric.labels ?? {})} ${metric.value}`);
  }
  return `${lines.join('\n')}\n`;
}

export function processMetrics(): readonly Metric[] {
  const cpu = process.cpuUsage();
  const gauge = (name: string, help: string, value: number): Metric => ({ name, help, type: 'gauge', value });
  return [
    gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'Start of the process, Unix time.', Date.now() / 1000 - process.uptime()),
    {
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time.',
      type: 'counter',
      value: (cpu.user + cpu.system) / 1e6,
    },
  ];
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeHelp(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
