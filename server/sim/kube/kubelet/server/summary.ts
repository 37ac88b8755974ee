import { rfc3339, SECOND, type Time } from "../../../kernel/index.ts";
import { findLink, listLinks, type Namespace } from "../../../net/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { nodeConsumption, podConsumption, type Consumption } from "./usage.ts";

/** Over how long a share of a processor is measured. */
const WINDOW = 10 * SECOND;

/**
 * `/stats/summary` (kubelet/pkg/apis/stats/v1alpha1): processors, memory and network. What disks hold is not simulated, and
 * left out.
 */
export function statsSummary(kubelet: Kubelet): object {
  const { now } = kubelet.kernel;
  const before = now - WINDOW;
  const earlier = new Map(podConsumption(kubelet, before).map((one) => [one.uid, one]));
  const total = kubelet.machine.row.memory * 1024;
  const node = nodeConsumption(kubelet);
  const capacity = { availableBytes: total - node.memory };
  return {
    node: {
      nodeName: kubelet.running.nodeName,
      startTime: rfc3339(kubelet.machine.row.bootedAt),
      cpu: cpuStats(node, nodeConsumption(kubelet, before), now),
      memory: memoryStats(node, now, capacity),
      network: networkStats(kubelet.runtime.network.find(kubelet.host.row.netns), now),
    },
    pods: podConsumption(kubelet).map((one) => {
      const past = earlier.get(one.uid);
      const sandbox = [...kubelet.runtime.sandboxes.values()].findLast(({ config }) => config.uid === one.uid);
      const { name, namespace = "" } = one.pod.metadata;
      return {
        podRef: { name, namespace, uid: one.uid },
        startTime: rfc3339(one.startedAt),
        containers: one.containers.map((container) => ({
          name: container.name,
          startTime: rfc3339(container.startedAt),
          cpu: cpuStats(
            container,
            past?.containers.find(({ name: other }) => other === container.name),
            now,
          ),
          memory: memoryStats(container, now),
        })),
        cpu: cpuStats(one, past, now),
        memory: memoryStats(one, now),
        ...(one.pod.spec.hostNetwork || sandbox?.netns === undefined
          ? {}
          : { network: networkStats(kubelet.runtime.network.find(sandbox.netns), now) }),
      };
    }),
  };
}

function cpuStats(used: Consumption, before: Consumption | undefined, now: Time): object {
  const spent = Math.max(0, used.cpu - (before?.cpu ?? used.cpu));
  return {
    time: rfc3339(now),
    usageNanoCores: Math.round((spent * 1e9) / WINDOW),
    usageCoreNanoSeconds: used.cpu * 1000,
  };
}

function memoryStats({ memory }: Consumption, now: Time, more: object = {}): object {
  return { time: rfc3339(now), ...more, usageBytes: memory, workingSetBytes: memory, rssBytes: memory };
}

function networkStats(ns: Namespace | undefined, now: Time): object | undefined {
  if (!ns) return undefined;
  const interfaces = listLinks(ns)
    .filter(({ name }) => name !== "lo")
    .map(({ name }) => {
      const { rxBytes = 0, txBytes = 0 } = ns.linkCounters.get(findLink(ns, name)!.index) ?? {};
      return { name, rxBytes, rxErrors: 0, txBytes, txErrors: 0 };
    });
  const first = interfaces.find(({ name }) => name === "eth0") ?? interfaces[0];
  return { time: rfc3339(now), ...first, interfaces };
}
