import { rfc3339 } from "../../../kernel/index.ts";
import {
  anyKind, goDuration, names,
  type AnyKind, type Cell, type Column, type Kind, type KubeObject,
} from "../../api/index.ts"; // prettier-ignore
import type { Measured, Scrape } from "./scrape.ts";

interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

interface NodeMetrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly usage: Usage;
}

interface PodMetrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

const COLUMNS: readonly Column[] = [
  { name: "Name", format: "name" },
  { name: "cpu", format: "quantity" },
  { name: "memory", format: "quantity" },
  { name: "Window", format: "duration" },
];
const COMMON = { group: "metrics.k8s.io", version: "v1beta1", verbs: ["get", "list"], columns: COLUMNS } as const;
/** The kinds of metrics.k8s.io over what was measured last (metrics-server pkg/api). Nothing of them is stored. */
export function metricsKinds(measured: () => Scrape | undefined): readonly AnyKind[] {
  const nodeMetrics: Kind<NodeMetrics> = {
    ...COMMON,
    kind: "NodeMetrics",
    plural: "nodes",
    singular: "",
    namespaced: false,
    nameRule: names.forNames(names.subdomain),
    cells: ({ metadata, usage, window }): readonly Cell[] => [metadata.name, usage.cpu, usage.memory, window],
    computed(context) {
      const scrape = measured();
      if (!scrape) return [];
      return scrape.nodes.map((one) => ({
        metadata: about(one.node, context.nowText),
        ...timesOf(scrape),
        usage: usageOf(one),
      }));
    },
  };
  const podMetrics: Kind<PodMetrics> = {
    ...COMMON,
    kind: "PodMetrics",
    plural: "pods",
    singular: "",
    namespaced: true,
    nameRule: names.forNames(names.subdomain),
    cells: ({ metadata, containers, window }): readonly Cell[] => {
      const sum = (of: (usage: Usage) => number): number => containers.reduce((all, { usage }) => all + of(usage), 0);
      const cpu = sum(({ cpu: text }) => Number.parseInt(text, 10));
      const memory = sum(({ memory: text }) => (text.endsWith("Ki") ? Number.parseInt(text, 10) * 1024 : Number(text)));
      const total = usageOf({ cpuNanoCores: cpu, memory });
      return [metadata.name, total.cpu, total.memory, window];
    },
    computed(context, namespace) {
      const scrape = measured();
      if (!scrape) return [];
      return scrape.pods.flatMap((pod): PodMetrics[] => {
        if (namespace !== "" && pod.metadata.namespace !== namespace) return [];
        const key = `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
        const containers = scrape.nodes.find(({ node }) => node.metadata.name === pod.spec.nodeName)?.pods.get(key);
        if (!containers) return [];
        return [
          {
            metadata: about(pod, context.nowText),
            ...timesOf(scrape),
            containers: [...containers].map(([name, one]) => ({ name, usage: usageOf(one) })),
          },
        ];
      });
    },
  };
  return [anyKind(nodeMetrics), anyKind(podMetrics)];
}

function about({ metadata }: KubeObject, creationTimestamp: string): KubeObject["metadata"] {
  const { name, namespace, labels } = metadata;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp,
    ...(labels ? { labels } : {}),
  } as KubeObject["metadata"];
}

function timesOf({ at, window }: Scrape): { readonly timestamp: string; readonly window: string } {
  return { timestamp: rfc3339(at), window: goDuration(window) };
}

function usageOf({ cpuNanoCores, memory }: Measured): Usage {
  const kib = memory % 1024 === 0 ? `${memory / 1024}Ki` : String(memory);
  return { cpu: cpuNanoCores === 0 ? "0" : `${cpuNanoCores}n`, memory: memory === 0 ? "0" : kib };
}
