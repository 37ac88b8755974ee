import {
  ipWarnings, names, quantityNanos, type Container, type ContainerPort, type EnvVar, type NodeSelectorTerm, type PodAffinity, type PodSpec,
} from "../../api/index.ts"; // prettier-ignore

const OLD_LABELS: Record<string, string> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};
const NO_POD = "a null labelSelector results in matching no pod";
const NANO = 1_000_000_000n;

/** What the server warns of in a Pod's spec that it accepts, below `path` (pkg/api/pod/warnings.go). */
export function podSpecWarnings(spec: PodSpec, path = "spec"): string[] {
  const containers = containersWithPaths(spec, path);
  return [
    ...labelWarnings(spec, path),
    ...volumeWarnings(spec, path),
    ...duplicates(spec.hostAliases, "ip", `${path}.hostAliases`),
    ...duplicates(spec.imagePullSecrets, "name", `${path}.imagePullSecrets`),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name = "" }, index) =>
      name === "" ? [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
    ),
    ...containers.flatMap(([container, at]) => [
      ...fractions(container, at),
      ...hiddenVariables(container.env ?? [], `${at}.env`),
    ]),
    ...portWarnings(containers),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(spec.affinity?.podAffinity, `${path}.affinity.podAffinity`),
    ...affinityWarnings(spec.affinity?.podAntiAffinity, `${path}.affinity.podAntiAffinity`),
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((address, index) =>
      ipWarnings(`${path}.dnsConfig.nameservers[${index}]`, address),
    ),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, index) => ipWarnings(`${path}.hostAliases[${index}].ip`, ip)),
  ];
}

/** Sources of volumes that are on their way out, or gone. */
const OLD_VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  // The server calls storageos so, and nobody else does.
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};

function volumeWarnings({ volumes = [] }: PodSpec, path: string): string[] {
  return volumes.flatMap((volume, index) =>
    Object.entries(OLD_VOLUMES).flatMap(([source, why]) =>
      source in volume ? [`${path}.volumes[${index}].${source === "storageos" ? "storageOS" : source}: ${why}`] : [],
    ),
  );
}

/** The warning of a name that will be (part of) a host's name, but cannot be one. */
export function hostnameWarning(name: string, where: "the Pod's hostname" | "Pod names and hostnames"): string[] {
  const problems = names.label(name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in ${where}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
  ];
}

function containersWithPaths(spec: PodSpec, path: string): [Container, string][] {
  return (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index): [Container, string] => [container, `${path}.${list}[${index}]`]),
  );
}

function labelWarnings(
  { nodeSelector = {}, affinity, topologySpreadConstraints = [] }: PodSpec,
  path: string,
): string[] {
  const found = Object.keys(nodeSelector).flatMap((key) =>
    OLD_LABELS[key] ? [`${path}.nodeSelector[${key}]: ${OLD_LABELS[key]}`] : [],
  );
  const {
    requiredDuringSchedulingIgnoredDuringExecution: needed,
    preferredDuringSchedulingIgnoredDuringExecution: liked,
  } = affinity?.nodeAffinity ?? {};
  const at = `${path}.affinity.nodeAffinity`;
  for (const [index, term] of (needed?.nodeSelectorTerms ?? []).entries())
    found.push(
      ...termWarnings(term, `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`),
    );
  for (const [index, { preference }] of (liked ?? []).entries())
    found.push(
      ...termWarnings(preference, `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`),
    );
  for (const [index, { topologyKey, labelSelector }] of topologySpreadConstraints.entries()) {
    const constraint = `${path}.topologySpreadConstraints[${index}]`;
    if (OLD_LABELS[topologyKey]) found.push(`${constraint}.topologyKey: ${topologyKey} is ${OLD_LABELS[topologyKey]}`);
    if (!labelSelector) found.push(`${constraint}.labelSelector: ${NO_POD}`);
  }
  return found;
}

function termWarnings({ matchExpressions = [] }: NodeSelectorTerm, path: string): string[] {
  return matchExpressions.flatMap(({ key }, index) =>
    OLD_LABELS[key] ? [`${path}.matchExpressions[${index}].key: ${key} is ${OLD_LABELS[key]}`] : [],
  );
}

function duplicates<Key extends string>(
  list: readonly { readonly [key in Key]?: string }[] = [],
  key: Key,
  path: string,
): string[] {
  return list.flatMap((item, index) =>
    list.findIndex((other) => other[key] === item[key]) < index
      ? [`${path}[${index}].${key}: duplicate ${key} ${JSON.stringify(item[key])}`]
      : [],
  );
}

function fractions({ resources }: Container, path: string): string[] {
  return ["memory", "ephemeral-storage"].flatMap((name) =>
    (["limits", "requests"] as const).flatMap((list) => {
      const value = resources[list]?.[name];
      if (value === undefined || quantityNanos(value) % NANO === 0n) return [];
      return [`${path}.resources.${list}[${name}]: fractional byte value "${value}" is invalid, must be an integer`];
    }),
  );
}

/** A variable that is set twice, other than to extend itself: `X=$(X)more`. */
function hiddenVariables(env: readonly EnvVar[], path: string): string[] {
  return env.flatMap(({ name, value = "", valueFrom }, index) => {
    if (env.findIndex((other) => other.name === name) === index) return [];
    const self = `$(${name})`;
    if (!valueFrom && value !== self && value.includes(self)) return [];
    return [
      `${path}[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
    ];
  });
}

function portWarnings(containers: readonly (readonly [Container, string])[]): string[] {
  const found: string[] = [];
  const seen: { readonly port: ContainerPort; readonly path: string }[] = [];
  for (const [{ ports = [] }, at] of containers) {
    for (const [index, port] of ports.entries()) {
      const path = `${at}.ports[${index}]`;
      if (port.hostIP && !port.hostPort) found.push(`${path}: hostIP set without hostPort: ${goPort(port)}`);
      for (const other of seen) {
        const clash = overlap(port, other.port);
        if (clash) found.push(`${path}: ${clash} port definition with ${other.path}`);
      }
      seen.push({ port, path });
    }
  }
  return found;
}

/** `%+v` of the internal ContainerPort. */
function goPort({ name = "", hostPort = 0, containerPort, protocol = "", hostIP = "" }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

function overlap(one: ContainerPort, other: ContainerPort): string | undefined {
  if (one.containerPort !== other.containerPort || one.protocol !== other.protocol) return undefined;
  const [ip, otherIp, port, otherPort] = [one.hostIP ?? "", other.hostIP ?? "", one.hostPort ?? 0, other.hostPort ?? 0];
  if (ip === otherIp && port === otherPort) return "duplicate";
  if (port === 0 || otherPort === 0) return "overlapping";
  return port === otherPort && (ip === "") !== (otherIp === "") ? "dangerously ambiguous" : undefined;
}

function affinityWarnings(affinity: PodAffinity | undefined, path: string): string[] {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: needed,
    preferredDuringSchedulingIgnoredDuringExecution: liked,
  } = affinity ?? {};
  return [
    ...(needed ?? []).flatMap(({ labelSelector }, index) =>
      labelSelector
        ? []
        : [`${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector: ${NO_POD}`],
    ),
    ...(liked ?? []).flatMap(({ podAffinityTerm }, index) =>
      podAffinityTerm.labelSelector
        ? []
        : [
            `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm.labelSelector: ${NO_POD}`,
          ],
    ),
  ];
}
