import type { StringMap } from "../../types/meta.ts";
import type { Container, PodSpec, SecurityContext } from "../../types/pod.ts";
import { levelText, type LevelVersion } from "./policy.ts";

/** One rule that a Pod breaks: what, and who breaks it. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export interface PodLike {
  readonly annotations?: StringMap;
  readonly spec: PodSpec;
}

interface Profiles {
  readonly seccompProfile?: { readonly type?: string };
  readonly appArmorProfile?: { readonly type?: string };
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly windowsOptions?: { readonly hostProcess?: boolean };
}

type Security = SecurityContext & Profiles & { readonly procMount?: string };
type CheckPod = (pod: PodLike) => Violation | undefined;

interface Check {
  readonly id: string;
  /** The first minor version that has it. */
  readonly since: number;
  readonly check: CheckPod;
  /** The baseline rule whose place it takes. */
  readonly overrides?: string;
}

const quoted = (names: readonly string[]): string => `"${names.join('", "')}"`;
const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);
const containersText = (names: readonly string[]): string =>
  `${plural("container", "containers", names.length)} ${quoted(names)}`;
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

function containersOf({ spec }: PodLike): readonly Container[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

function securityOf(container: Container): Security {
  return container.securityContext ?? {};
}

function podSecurity({ spec }: PodLike): Profiles & NonNullable<PodSpec["securityContext"]> {
  return spec.securityContext ?? {};
}

function namesWhere(pod: PodLike, bad: (security: Security, container: Container) => boolean): string[] {
  return containersOf(pod)
    .filter((container) => bad(securityOf(container), container))
    .map(({ name }) => name);
}

/** `pod and containers "a", "b"`: who sets something that they must not; empty if nobody does. */
function setters(ofPod: boolean, names: readonly string[]): string {
  return [...(ofPod ? ["pod"] : []), ...(names.length > 0 ? [containersText(names)] : [])].join(" and ");
}

/** A profile type that must be one of some wherever it is given. */
function badProfiles(
  pod: PodLike,
  member: "seccompProfile" | "appArmorProfile",
): { readonly who: string; readonly values: string[] } {
  const isBad = (profile: { readonly type?: string } | undefined): boolean =>
    profile !== undefined && profile.type !== "RuntimeDefault" && profile.type !== "Localhost";
  const own = podSecurity(pod)[member];
  const containers = containersOf(pod).filter((container) => isBad(securityOf(container)[member]));
  const who = setters(
    isBad(own),
    containers.map(({ name }) => name),
  );
  const types = containers.map((container) => securityOf(container)[member]!.type ?? "");
  return { who, values: sorted([...(isBad(own) ? [own!.type ?? ""] : []), ...types]) };
}

const APPARMOR = "container.apparmor.security.beta.kubernetes.io/";

const appArmorProfile: CheckPod = (pod) => {
  const { who, values } = badProfiles(pod, "appArmorProfile");
  const annotations = Object.entries(pod.annotations ?? {})
    .filter(([key, value]) => key.startsWith(APPARMOR) && !/^($|runtime\/default$|localhost\/)/.test(value))
    .map(([key, value]) => `${key}="${value}"`)
    .sort();
  const all = [...values, ...annotations];
  if (all.length === 0) return undefined;
  const by = [
    ...(who === "" ? [] : [who]),
    ...(annotations.length > 0 ? [plural("annotation", "annotations", annotations.length)] : []),
  ];
  return {
    reason: plural("forbidden AppArmor profile", "forbidden AppArmor profiles", all.length),
    detail: `${by.join(" and ")} must not set AppArmor profile type to ${quoted(all)}`,
  };
};

const ADDABLE = [
  "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
  "SETUID", "SYS_CHROOT",
]; // prettier-ignore

function addedBeyond(pod: PodLike, allowed: readonly string[]): string | undefined {
  const extra = ({ capabilities }: Security): string[] =>
    (capabilities?.add ?? []).filter((name) => !allowed.includes(name));
  const names = namesWhere(pod, (security) => extra(security).length > 0);
  if (names.length === 0) return undefined;
  const added = sorted(containersOf(pod).flatMap((container) => extra(securityOf(container))));
  return `${containersText(names)} must not include ${quoted(added)} in securityContext.capabilities.add`;
}

const capabilitiesBaseline: CheckPod = (pod) => {
  const detail = addedBeyond(pod, ADDABLE);
  return detail === undefined ? undefined : { reason: "non-default capabilities", detail };
};

const capabilitiesRestricted: CheckPod = (pod) => {
  if (isWindows(pod)) return undefined;
  const missing = namesWhere(pod, ({ capabilities }) => !capabilities?.drop?.includes("ALL"));
  const added = addedBeyond(pod, ["NET_BIND_SERVICE"]);
  const details = [
    ...(missing.length > 0 ? [`${containersText(missing)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(added === undefined ? [] : [added]),
  ];
  return details.length > 0 ? { reason: "unrestricted capabilities", detail: details.join("; ") } : undefined;
};

const hostNamespaces: CheckPod = ({ spec }) => {
  const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((name) => spec[name]);
  return shared.length > 0
    ? { reason: "host namespaces", detail: shared.map((name) => `${name}=true`).join(", ") }
    : undefined;
};

const hostPathVolumes: CheckPod = ({ spec }) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return { reason: "hostPath volumes", detail: `${plural("volume", "volumes", names.length)} ${quoted(names)}` };
};

const hostPorts: CheckPod = (pod) => {
  const ports = ({ ports: all = [] }: Container): string[] =>
    all.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const names = namesWhere(pod, (_, container) => ports(container).length > 0);
  if (names.length === 0) return undefined;
  const used = sorted(containersOf(pod).flatMap(ports));
  const verb = plural("uses", "use", names.length);
  const what = plural("hostPort", "hostPorts", used.length);
  return { reason: "hostPort", detail: `${containersText(names)} ${verb} ${what} ${used.join(", ")}` };
};

const privileged: CheckPod = (pod) => {
  const names = namesWhere(pod, (security) => security.privileged === true);
  if (names.length === 0) return undefined;
  return {
    reason: "privileged",
    detail: `${containersText(names)} must not set securityContext.privileged=true`,
  };
};

const procMount: CheckPod = (pod) => {
  const isBad = (security: Security): boolean => (security.procMount ?? "Default") !== "Default";
  const names = namesWhere(pod, isBad);
  if (names.length === 0) return undefined;
  const kinds = sorted(
    containersOf(pod)
      .map(securityOf)
      .filter(isBad)
      .map((security) => security.procMount!),
  );
  return {
    reason: "procMount",
    detail: `${containersText(names)} must not set securityContext.procMount to ${quoted(kinds)}`,
  };
};

const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const seLinuxOptions: CheckPod = (pod) => {
  type Options = Profiles["seLinuxOptions"];
  const isBad = (options: Options): boolean =>
    options !== undefined && (!SELINUX_TYPES.includes(options.type ?? "") || !!options.user || !!options.role);
  const own = podSecurity(pod).seLinuxOptions;
  const names = namesWhere(pod, (security) => isBad(security.seLinuxOptions));
  const who = setters(isBad(own), names);
  if (who === "") return undefined;
  const all = [own, ...containersOf(pod).map((container) => securityOf(container).seLinuxOptions)].filter(isBad);
  const types = sorted(all.map((options) => options!.type ?? "").filter((type) => !SELINUX_TYPES.includes(type)));
  const data = [
    ...(types.length > 0 ? [`${plural("type", "types", types.length)} ${quoted(types)}`] : []),
    ...(all.some((options) => options!.user) ? ["user may not be set"] : []),
    ...(all.some((options) => options!.role) ? ["role may not be set"] : []),
  ];
  return {
    reason: "seLinuxOptions",
    detail: `${who} set forbidden securityContext.seLinuxOptions: ${data.join("; ")}`,
  };
};

const seccompBaseline: CheckPod = (pod) => {
  const { who, values } = badProfiles(pod, "seccompProfile");
  if (who === "") return undefined;
  return {
    reason: "seccompProfile",
    detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(values)}`,
  };
};

const seccompRestricted: CheckPod = (pod) => {
  if (isWindows(pod)) return undefined;
  const set = seccompBaseline(pod);
  if (set || podSecurity(pod).seccompProfile) return set;
  const names = namesWhere(pod, (security) => security.seccompProfile === undefined);
  if (names.length === 0) return undefined;
  return {
    reason: "seccompProfile",
    detail: `pod or ${containersText(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
]; // prettier-ignore

const sysctls: CheckPod = (pod) => {
  const names = (podSecurity(pod).sysctls ?? []).map(({ name }) => name).filter((name) => !SAFE_SYSCTLS.includes(name));
  return names.length > 0 ? { reason: "forbidden sysctls", detail: names.join(", ") } : undefined;
};

const windowsHostProcess: CheckPod = (pod) => {
  const names = namesWhere(pod, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  const who = setters(podSecurity(pod).windowsOptions?.hostProcess === true, names);
  if (who === "") return undefined;
  return { reason: "hostProcess", detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
};

const allowPrivilegeEscalation: CheckPod = (pod) => {
  const names = isWindows(pod) ? [] : namesWhere(pod, (security) => security.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const FREE_VOLUMES = [
  "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "image",
]; // prettier-ignore

const restrictedVolumes: CheckPod = ({ spec }) => {
  const typeOf = (volume: object): string => Object.keys(volume).find((key) => key !== "name") ?? "unknown";
  const bad = (spec.volumes ?? []).filter((volume) => !FREE_VOLUMES.includes(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map(typeOf));
  const who = `${plural("volume", "volumes", bad.length)} ${quoted(bad.map(({ name }) => name))}`;
  const what = plural("restricted volume type", "restricted volume types", types.length);
  return {
    reason: "restricted volume types",
    detail: `${who} ${plural("uses", "use", bad.length)} ${what} ${quoted(types)}`,
  };
};

const runAsNonRoot: CheckPod = (pod) => {
  const own = podSecurity(pod).runAsNonRoot;
  const refusing = namesWhere(pod, (security) => security.runAsNonRoot === false);
  const who = setters(own === false, refusing);
  const reason = "runAsNonRoot != true";
  if (who !== "") return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  const silent = own === true ? [] : namesWhere(pod, (security) => security.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: CheckPod = (pod) => {
  const names = namesWhere(pod, (security) => security.runAsUser === 0);
  const who = setters(podSecurity(pod).runAsUser === 0, names);
  return who === "" ? undefined : { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` };
};

function isWindows({ spec }: PodLike): boolean {
  return spec.os?.name === "windows";
}

/** By id, which is the order in which complaints come. */
const BASELINE: readonly Check[] = [
  { id: "appArmorProfile", since: 0, check: appArmorProfile },
  { id: "capabilities_baseline", since: 0, check: capabilitiesBaseline },
  { id: "hostNamespaces", since: 0, check: hostNamespaces },
  { id: "hostPathVolumes", since: 0, check: hostPathVolumes },
  { id: "hostPorts", since: 0, check: hostPorts },
  { id: "privileged", since: 0, check: privileged },
  { id: "procMount", since: 0, check: procMount },
  { id: "seLinuxOptions", since: 0, check: seLinuxOptions },
  { id: "seccompProfile_baseline", since: 19, check: seccompBaseline },
  { id: "sysctls", since: 0, check: sysctls },
  { id: "windowsHostProcess", since: 0, check: windowsHostProcess },
];

const RESTRICTED: readonly Check[] = [
  { id: "allowPrivilegeEscalation", since: 8, check: allowPrivilegeEscalation },
  { id: "capabilities_restricted", since: 22, check: capabilitiesRestricted, overrides: "capabilities_baseline" },
  { id: "restrictedVolumes", since: 0, check: restrictedVolumes, overrides: "hostPathVolumes" },
  { id: "runAsNonRoot", since: 0, check: runAsNonRoot },
  { id: "runAsUser", since: 23, check: runAsUser },
  { id: "seccompProfile_restricted", since: 19, check: seccompRestricted, overrides: "seccompProfile_baseline" },
];

/** What a Pod breaks of a level (pod-security-admission/policy/registry.go EvaluatePod). */
export function violations(wanted: LevelVersion, pod: PodLike): Violation[] {
  if (wanted.level === "privileged") return [];
  const applies = ({ since }: Check): boolean => wanted.minor === undefined || since <= wanted.minor;
  const strict = wanted.level === "restricted" ? RESTRICTED.filter(applies) : [];
  const overridden = strict.map(({ overrides }) => overrides);
  const checks = [...BASELINE.filter((check) => applies(check) && !overridden.includes(check.id)), ...strict];
  return checks.flatMap(({ check }) => check(pod) ?? []);
}

/** `violates PodSecurity "restricted:latest": …`, with who does what. */
export function violationText(wanted: LevelVersion, found: readonly Violation[]): string {
  const details = found.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`));
  return `violate PodSecurity "${levelText(wanted)}": ${details.join(", ")}`;
}
