import {
  duplicate, forbidden, goStrings, invalid, invalidEach, ipErrors, names, notFound, notSupported, required, validateLabels,
  type Container, type FieldErrors, type PodDnsConfig, type PodSpec,
} from "../../api/index.ts"; // prettier-ignore
import { validateEnv, validateEnvFrom } from "./environment.ts";
import { validateContainerPorts, validateHostNetworkPorts, validateHostPorts } from "./ports.ts";
import { validateProbes } from "./probes.ts";
import { validateResizePolicy, validateResources } from "./resources.ts";
import { validateAffinity, validateSpread, validateTolerations } from "./scheduling.ts";
import { validateContainerSecurity, validatePodSecurity } from "./security.ts";
import { validateMounts, validateVolumes } from "./volumes.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];
const MAX_INT32 = 2 ** 31 - 1;
const INIT_ONLY = "may not be set for init containers without restartPolicy=Always";

/** pkg/apis/core/validation ValidatePodSpec, in its order. */
export function validatePodSpec(spec: PodSpec, path: string, isPod: boolean): FieldErrors {
  const { found: badVolumes, sound: volumes } = validateVolumes(spec.volumes ?? [], `${path}.volumes`);
  const found: FieldErrors = [
    ...badVolumes,
    ...validateContainers(spec, volumes, `${path}.containers`),
    ...validateInitContainers(spec, volumes, `${path}.initContainers`),
    ...validateEphemeralContainers(spec, volumes, `${path}.ephemeralContainers`),
  ];
  if (spec.hostNetwork) found.push(...validateHostNetworkPorts(spec.containers ?? [], `${path}.containers`, isPod));
  found.push(...oneOf(spec.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`));
  found.push(...oneOf(spec.dnsPolicy, DNS_POLICIES, `${path}.dnsPolicy`));
  found.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`));
  if (spec.securityContext) found.push(...validatePodSecurity(spec, `${path}.securityContext`));
  if (spec.affinity) found.push(...validateAffinity(spec.affinity, `${path}.affinity`));
  found.push(...validateDns(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`));
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries())
    found.push(
      ...invalidEach(
        `${path}.readinessGates[${index}].conditionType`,
        conditionType,
        names.qualifiedName(conditionType),
      ),
    );
  found.push(...validateGates(spec.schedulingGates ?? [], `${path}.schedulingGates`));
  found.push(...validateSpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`));
  const named = (name: "serviceAccountName" | "nodeName", rule: names.Rule): void => {
    if (spec[name]) found.push(...invalidEach(`${path}.${name}`, spec[name], rule(spec[name])));
  };
  named("serviceAccountName", names.subdomain);
  named("nodeName", names.subdomain);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32))
    found.push(invalid(`${path}.activeDeadlineSeconds`, deadline, names.range(1, MAX_INT32)));
  for (const name of ["hostname", "subdomain"] as const)
    if (spec[name]) found.push(...invalidEach(`${path}.${name}`, spec[name], names.label(spec[name])));
  found.push(...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`));
  for (const [index, { ip, hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
    found.push(...ipErrors(`${path}.hostAliases[${index}].ip`, ip));
    for (const [at, hostname] of hostnames.entries())
      found.push(...invalidEach(`${path}.hostAliases[${index}].hostnames[${at}]`, hostname, names.subdomain(hostname)));
  }
  if (spec.priorityClassName)
    found.push(
      ...invalidEach(`${path}.priorityClassName`, spec.priorityClassName, names.subdomain(spec.priorityClassName)),
    );
  if (spec.runtimeClassName !== undefined)
    found.push(
      ...invalidEach(`${path}.runtimeClassName`, spec.runtimeClassName, names.subdomain(spec.runtimeClassName)),
    );
  if (spec.preemptionPolicy !== undefined)
    found.push(...oneOf(spec.preemptionPolicy, ["PreemptLowerPriority", "Never"], `${path}.preemptionPolicy`));
  return found;
}

export function oneOf(value: string | undefined, allowed: readonly string[], path: string): FieldErrors {
  if (!value) return [required(path)];
  return allowed.includes(value) ? [] : [notSupported(path, value, allowed)];
}

function validateContainers(spec: PodSpec, volumes: ReadonlySet<string>, path: string): FieldErrors {
  const containers = spec.containers ?? [];
  if (containers.length === 0) return [required(path)];
  const found: FieldErrors = [];
  const seen = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    found.push(...validateCommon(spec, container, volumes, at));
    if (seen.has(container.name)) found.push(duplicate(`${at}.name`, container.name));
    seen.add(container.name);
    found.push(...validateProbes(container, spec.terminationGracePeriodSeconds, at));
    if (container.restartPolicy !== undefined)
      found.push(forbidden(`${at}.restartPolicy`, "may not be set for non-init containers"));
  }
  return [...found, ...validateHostPorts(containers, path)];
}

function validateInitContainers(spec: PodSpec, volumes: ReadonlySet<string>, path: string): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set((spec.containers ?? []).map(({ name }) => name));
  for (const [index, container] of (spec.initContainers ?? []).entries()) {
    const at = `${path}[${index}]`;
    const { name, restartPolicy } = container;
    found.push(...validateCommon(spec, container, volumes, at));
    if (restartPolicy !== undefined && restartPolicy !== "Always")
      found.push(notSupported(`${at}.restartPolicy`, restartPolicy, ["Always"]));
    if (seen.has(name)) found.push(duplicate(`${at}.name`, name));
    else if (name) seen.add(name);
    found.push(...validateHostPorts([container], path));
    if (restartPolicy === "Always") found.push(...validateProbes(container, spec.terminationGracePeriodSeconds, at));
    else
      for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
        if (container[field]) found.push(forbidden(`${at}.${field}`, INIT_ONLY));
  }
  return found;
}

/** Fields that an ephemeral container cannot have, in the order of the Go structure. */
const NOT_EPHEMERAL = ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] as const;

function validateEphemeralContainers(spec: PodSpec, volumes: ReadonlySet<string>, path: string): FieldErrors {
  const found: FieldErrors = [];
  const others = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name);
  const seen = new Set(others);
  for (const [index, container] of (spec.ephemeralContainers ?? []).entries()) {
    const at = `${path}[${index}]`;
    found.push(...validateCommon(spec, container, volumes, at), ...validateImageSpace(container, at));
    if (seen.has(container.name)) found.push(duplicate(`${at}.name`, container.name));
    seen.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.includes(target)) found.push(notFound(`${at}.targetContainerName`, target));
    for (const field of NOT_EPHEMERAL)
      if (container[field]) found.push(forbidden(`${at}.${field}`, "cannot be set for an Ephemeral Container"));
    if (Object.keys(container.resources).length > 0)
      found.push(forbidden(`${at}.resources`, "cannot be set for an Ephemeral Container"));
  }
  return found;
}

/** What all containers have in common (validateContainerCommon). */
function validateCommon(spec: PodSpec, container: Container, volumes: ReadonlySet<string>, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (!container.name) found.push(required(`${path}.name`));
  else found.push(...invalidEach(`${path}.name`, container.name, names.label(container.name)));
  if (!container.image) found.push(required(`${path}.image`));
  found.push(
    ...oneOf(container.terminationMessagePolicy, MESSAGE_POLICIES, `${path}.terminationMessagePolicy`),
    ...validateContainerPorts(container.ports ?? [], `${path}.ports`),
    ...validateEnv(container.env ?? [], `${path}.env`),
    ...validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
    ...validateMounts(container, volumes, `${path}.volumeMounts`),
    ...oneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`),
    ...validateResources(container.resources, `${path}.resources`),
    ...validateResizePolicy(container.resizePolicy ?? [], spec.restartPolicy, `${path}.resizePolicy`),
    ...validateContainerSecurity(container.securityContext, `${path}.securityContext`),
  );
  return found;
}

/** Pods only: templates let a space pass (validateContainerOnlyForPod). */
export function validateImageSpace({ image = "" }: Container, path: string): FieldErrors {
  return image.trim() === image
    ? []
    : [invalid(`${path}.image`, image, "must not have leading or trailing whitespace")];
}

function validateDns(config: PodDnsConfig | undefined, policy: string | undefined, path: string): FieldErrors {
  if (policy === "None") {
    if (!config) return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if (!config.nameservers?.length)
      return [required(`${path}.nameservers`, "must provide at least one DNS nameserver when `dnsPolicy` is None")];
  }
  if (!config) return [];
  const { nameservers = [], searches = [], options = [] } = config;
  const found: FieldErrors = [];
  if (nameservers.length > 3)
    found.push(invalid(`${path}.nameservers`, goStrings(nameservers), "must not have more than 3 nameservers"));
  for (const [index, server] of nameservers.entries()) found.push(...ipErrors(`${path}.nameservers[${index}]`, server));
  if (searches.length > 32)
    found.push(invalid(`${path}.searches`, goStrings(searches), "must not have more than 32 search paths"));
  if (searches.join(" ").length > 2048)
    found.push(
      invalid(
        `${path}.searches`,
        goStrings(searches),
        "must not have more than 2048 characters (including spaces) in the search list",
      ),
    );
  for (const [index, search] of searches.entries()) {
    const bare = search.replace(/\.$/, "");
    if (search !== ".")
      found.push(...invalidEach(`${path}.searches[${index}]`, bare, names.subdomainWithUnderscore(bare)));
  }
  for (const [index, { name }] of options.entries())
    if (!name) found.push(required(`${path}.options[${index}]`, "must not be empty"));
  return found;
}

function validateGates(gates: readonly { readonly name: string }[], path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, { name }] of gates.entries()) {
    found.push(...invalidEach(`${path}[${index}]`, name, names.qualifiedName(name)));
    if (gates.findIndex((gate) => gate.name === name) < index) found.push(duplicate(`${path}[${index}]`, name));
  }
  return found;
}
