import { decode } from "../../../kernel/index.ts";
import type { ContainerStatus } from "../cri/api.ts";
import { LogRenderer, tailStart } from "../cri/logs/read.ts";
import { containerSpec } from "../pods/containers.ts";
import type { PodRow } from "../pods/row.ts";
import type { Kubelet } from "../kubelet.ts";

/** kubecontainer.MaxContainerTerminationMessageLength, and what a log may say in its place. */
const MOST = 4096;
const MOST_LOG = 2048;
const MOST_LINES = 80;

/** What a container left for its state to show (kuberuntime_container.go getTerminationMessage). */
export function terminationMessage(
  kubelet: Kubelet,
  row: PodRow,
  { id, name, exitCode, logPath }: ContainerStatus,
): string {
  const container = containerSpec(row.pod, name);
  const path = container?.terminationMessagePath;
  const mount = kubelet.runtime.containers.get(id)?.config.mounts.find(({ containerPath }) => containerPath === path);
  const text = mount ? (kubelet.host.readText(mount.hostPath) ?? "") : "";
  if (text !== "") return text.slice(0, MOST);
  if (container?.terminationMessagePolicy !== "FallbackToLogsOnError" || exitCode === 0) return "";
  const log = kubelet.host.readText(logPath) ?? "";
  const said = decode(new LogRenderer({ timestamps: false }).render(log.slice(tailStart(log, MOST_LINES))));
  return said.slice(-MOST_LOG);
}
