import type { Container, Draft, Pod, PodSpec, SecurityContext } from "../../../../sim/kube/api/index.ts";

/** How something is debugged: by a container more in a pod, in a copy of it, by a pod on a node. */
export type Style = "ephemeral" | "copy" | "node";

/** What a copy keeps of its original (`--keep-…`). */
export interface Kept {
  readonly labels: boolean;
  readonly annotations: boolean;
  readonly liveness: boolean;
  readonly readiness: boolean;
  readonly startup: boolean;
  readonly initContainers: boolean;
}

type Change = (pod: Draft<Pod>, container: Draft<Container>) => void;

/** What a profile does to the debug container, and then by style (kubectl pkg/cmd/debug/profiles.go, v1.33). */
interface Profile {
  readonly container?: Change;
  readonly styles: Readonly<Partial<Record<Style, readonly Change[]>>>;
}

const PROFILES: ReadonlyMap<string, Profile> = new Map<string, Profile>([
  ["legacy", { styles: { node: [mountRoot, useHostNamespaces] } }],
  ["general", { styles: { node: [mountRoot, clear, useHostNamespaces], copy: [trace, share], ephemeral: [trace] } }],
  ["baseline", { container: clear, styles: { copy: [share] } }],
  ["restricted", { container: restrict, styles: { copy: [share] } }],
  ["netadmin", { container: adminNetwork, styles: { node: [useHostNamespaces], copy: [share] } }],
  ["sysadmin", { container: privilege, styles: { node: [useHostNamespaces, mountRoot], copy: [share] } }],
]);

export function isProfile(name: string): boolean {
  return PROFILES.has(name);
}

export function applyProfile(name: string, style: Style, kept: Kept, pod: Draft<Pod>, debugger_: string): void {
  const { container: change, styles } = PROFILES.get(name)!;
  const container = containerNamed(pod.spec, debugger_)!;
  change?.(pod, container);
  if (style === "copy") strip(pod, name === "legacy" ? LEGACY : kept);
  for (const step of styles[style] ?? []) step(pod, container);
}

/** A legacy copy loses nothing but its labels, whatever is asked for. */
const LEGACY: Kept = {
  labels: false,
  annotations: true,
  liveness: true,
  readiness: true,
  startup: true,
  initContainers: true,
};

export function containerNamed(spec: Draft<PodSpec>, name: string): Draft<Container> | undefined {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].find(
    (container) => container.name === name,
  );
}

function strip({ metadata, spec }: Draft<Pod>, kept: Kept): void {
  if (!kept.labels) delete metadata.labels;
  if (!kept.annotations) delete metadata.annotations;
  for (const container of spec.containers) {
    if (!kept.liveness) delete container.livenessProbe;
    if (!kept.readiness) delete container.readinessProbe;
    if (!kept.startup) delete container.startupProbe;
  }
  if (!kept.initContainers) delete spec.initContainers;
}

function mountRoot({ spec }: Draft<Pod>, container: Draft<Container>): void {
  const name = "host-root";
  (spec.volumes ??= []).push({ name, hostPath: { path: "/" } });
  (container.volumeMounts ??= []).push({ name, mountPath: "/host" });
}

function useHostNamespaces({ spec }: Draft<Pod>): void {
  spec.hostNetwork = true;
  spec.hostPID = true;
  spec.hostIPC = true;
}

function share({ spec }: Draft<Pod>): void {
  spec.shareProcessNamespace ??= true;
}

function clear(_: Draft<Pod>, container: Draft<Container>): void {
  delete container.securityContext;
}

function trace(_: Draft<Pod>, container: Draft<Container>): void {
  add(container, "SYS_PTRACE");
}

function adminNetwork(_: Draft<Pod>, container: Draft<Container>): void {
  add(container, "NET_ADMIN", "NET_RAW");
}

function privilege(_: Draft<Pod>, container: Draft<Container>): void {
  security(container).privileged = true;
}

function restrict(_: Draft<Pod>, container: Draft<Container>): void {
  container.securityContext = {
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

function add(container: Draft<Container>, ...capabilities: string[]): void {
  const known = (security(container).capabilities ??= {});
  known.add = [...(known.add ?? []), ...capabilities];
}

function security(container: Draft<Container>): Draft<SecurityContext> {
  return (container.securityContext ??= {});
}
