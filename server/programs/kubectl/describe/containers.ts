import type { Container, ContainerStatus, JsonObject, Pod } from "../../../sim/kube/api/index.ts";
import { capitalized, longTime, type Description } from "./description.ts";
import { writeEnvironment, writeEnvironmentSources } from "./environment.ts";
import { probeText } from "./probe.ts";
import { writeResources } from "./resources.ts";

export interface ContainerList {
  readonly title: string;
  readonly containers: readonly Container[];
  readonly statuses: readonly ContainerStatus[];
  /** The pod, for environment variables that show its fields; undefined for templates. */
  readonly pod: Pod | undefined;
  /** Indentation, for templates. */
  readonly space: string;
}

/** The containers of a pod or template (kubectl pkg/describe describeContainers). */
export function writeContainers(out: Description, { title, containers, statuses, pod, space }: ContainerList): void {
  out.line(0, `${space}${title}:${containers.length === 0 ? " <none>" : ""}`);
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name);
    writeBasics(out, container, status, space);
    writeWords(out, "Command", container.command);
    writeWords(out, "Args", container.args);
    if (status) writeStatus(out, status);
    writeResources(out, container.resources, 2);
    for (const [name, probe] of [
      ["Liveness", container.livenessProbe],
      ["Readiness", container.readinessProbe],
      ["Startup", container.startupProbe],
    ] as const)
      if (probe) out.line(2, `${name}:\t${probeText(probe)}`);
    if (container.envFrom?.length) writeEnvironmentSources(out, container);
    writeEnvironment(out, container, pod);
    writeMounts(out, container);
  }
}

function writeBasics(out: Description, container: Container, status: ContainerStatus | undefined, space: string): void {
  out.line(1, `${space === "" ? "" : " "}${container.name}:`);
  if (status) out.line(2, `Container ID:\t${status.containerID ?? ""}`);
  out.line(2, `Image:\t${container.image ?? ""}`);
  if (status) out.line(2, `Image ID:\t${status.imageID ?? ""}`);
  const ports = container.ports ?? [];
  for (const [title, field] of [
    ["Port", "containerPort"],
    ["Host Port", "hostPort"],
  ] as const) {
    const text = ports
      .map((port) => `${(port as never as Record<string, number>)[field] ?? 0}/${port.protocol ?? ""}`)
      .join(", ");
    out.line(2, `${title}${text.includes(",") ? "s" : ""}:\t${text === "" ? "<none>" : text}`);
  }
  const seccomp = container.securityContext?.seccompProfile;
  if (!seccomp) return;
  out.line(2, `SeccompProfile:\t${seccomp.type}`);
  if (seccomp.type === "Localhost") out.line(3, `LocalhostProfile:\t${seccomp.localhostProfile ?? ""}`);
}

function writeWords(out: Description, title: string, words: readonly string[] | undefined): void {
  if (!words?.length) return;
  out.line(2, `${title}:`);
  for (const word of words) for (const line of word.split("\n")) out.line(3, line);
}

function writeStatus(out: Description, status: ContainerStatus): void {
  writeState(out, "State", (status.state ?? {}) as JsonObject);
  if ((status.lastState as JsonObject | undefined)?.["terminated"])
    writeState(out, "Last State", status.lastState as JsonObject);
  out.line(2, `Ready:\t${capitalized(status.ready)}`);
  out.line(2, `Restart Count:\t${status.restartCount}`);
}

interface Terminated {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

function writeState(out: Description, title: string, state: JsonObject): void {
  const { running, waiting, terminated } = state as {
    running?: { startedAt?: string };
    waiting?: { reason?: string };
    terminated?: Terminated;
  };
  if (running) {
    out.line(2, `${title}:\tRunning`);
    out.line(3, `Started:\t${longTime(running.startedAt)}`);
  } else if (waiting) {
    out.line(2, `${title}:\tWaiting`);
    if (waiting.reason) out.line(3, `Reason:\t${waiting.reason}`);
  } else if (terminated) {
    out.line(2, `${title}:\tTerminated`);
    if (terminated.reason) out.line(3, `Reason:\t${terminated.reason}`);
    if (terminated.message) out.line(3, `Message:\t${terminated.message}`);
    out.line(3, `Exit Code:\t${terminated.exitCode ?? 0}`);
    if (terminated.signal) out.line(3, `Signal:\t${terminated.signal}`);
    out.line(3, `Started:\t${longTime(terminated.startedAt)}`);
    out.line(3, `Finished:\t${longTime(terminated.finishedAt)}`);
  } else out.line(2, `${title}:\tWaiting`);
}

interface Mount {
  readonly mountPath: string;
  readonly name: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

function writeMounts(out: Description, container: Container): void {
  const mounts = [...((container.volumeMounts ?? []) as readonly Mount[])].sort((a, b) =>
    a.mountPath < b.mountPath ? -1 : 1,
  );
  out.line(2, `Mounts:${mounts.length === 0 ? "\t<none>" : ""}`);
  for (const { mountPath, name, readOnly, subPath } of mounts) {
    const flags = [readOnly ? "ro" : "rw", ...(subPath ? [`path="${subPath}"`] : [])];
    out.line(3, `${mountPath} from ${name} (${flags.join(",")})`);
  }
  const devices = [
    ...((container as { volumeDevices?: readonly { devicePath: string; name: string }[] }).volumeDevices ?? []),
  ].sort((a, b) => (a.devicePath < b.devicePath ? -1 : 1));
  if (devices.length === 0) return;
  out.line(2, "Devices:");
  for (const { devicePath, name } of devices) out.line(3, `${devicePath} from ${name}`);
}
