import { MILLISECOND, SECOND, type Time } from "../../../kernel/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { nodeConsumption, podConsumption } from "./usage.ts";

/** `/metrics/resource` in the text format of Prometheus (pkg/kubelet/metrics/collectors/resource_metrics.go). */
export function resourceMetrics(kubelet: Kubelet): string {
  const { now } = kubelet.kernel;
  const pods = podConsumption(kubelet);
  const node = nodeConsumption(kubelet);
  const labelsOf = ({ pod }: (typeof pods)[number], container?: string): string =>
    `{${container === undefined ? "" : `container="${container}",`}namespace="${pod.metadata.namespace ?? ""}",pod="${pod.metadata.name}"}`;
  const containers = pods.flatMap((one) =>
    one.containers.map((container) => ({ ...container, labels: labelsOf(one, container.name) })),
  );
  const metrics: readonly Metric[] = [
    {
      name: "container_cpu_usage_seconds_total",
      help: "[STABLE] Cumulative cpu time consumed by the container in core-seconds",
      type: "counter",
      samples: containers.map(({ labels, cpu }) => sample(labels, cpu / SECOND, now)),
    },
    {
      name: "container_memory_working_set_bytes",
      help: "[STABLE] Current working set of the container in bytes",
      type: "gauge",
      samples: containers.map(({ labels, memory }) => sample(labels, memory, now)),
    },
    {
      name: "container_start_time_seconds",
      help: "[STABLE] Start time of the container since unix epoch in seconds",
      type: "gauge",
      samples: containers.map(({ labels, startedAt }) => sample(labels, startedAt / SECOND)),
    },
    {
      name: "node_cpu_usage_seconds_total",
      help: "[STABLE] Cumulative cpu time consumed by the node in core-seconds",
      type: "counter",
      samples: [sample("", node.cpu / SECOND, now)],
    },
    {
      name: "node_memory_working_set_bytes",
      help: "[STABLE] Current working set of the node in bytes",
      type: "gauge",
      samples: [sample("", node.memory, now)],
    },
    {
      name: "pod_cpu_usage_seconds_total",
      help: "[STABLE] Cumulative cpu time consumed by the pod in core-seconds",
      type: "counter",
      samples: pods.map((one) => sample(labelsOf(one), one.cpu / SECOND, now)),
    },
    {
      name: "pod_memory_working_set_bytes",
      help: "[STABLE] Current working set of the pod in bytes",
      type: "gauge",
      samples: pods.map((one) => sample(labelsOf(one), one.memory, now)),
    },
    {
      name: "resource_scrape_error",
      help: "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise",
      type: "gauge",
      samples: [sample("", 0)],
    },
  ];
  return metrics.map(text).join("");
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly string[];
}

function text({ name, help, type, samples }: Metric): string {
  if (samples.length === 0) return "";
  const lines = samples.toSorted().map((line) => `${name}${line}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

/** Labels, value and, in milliseconds, when it was measured. */
function sample(labels: string, value: number, at?: Time): string {
  return `${labels} ${goFloat(value)}${at === undefined ? "" : ` ${Math.floor(at / MILLISECOND)}`}`;
}

/** As strconv prints a float64 with %g: `1.63410711e+09`. */
function goFloat(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6)) return String(value);
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const sign = exponent.startsWith("-") ? "-" : "+";
  return `${mantissa}e${sign}${exponent.replace(/^[+-]/, "").padStart(2, "0")}`;
}
