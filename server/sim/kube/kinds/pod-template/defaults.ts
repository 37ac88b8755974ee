import type {
  Container,
  Draft,
  Handler,
  HttpGetAction,
  PodSpec,
  PodTemplateSpec,
  Probe,
  Volume,
} from "../../api/index.ts";
import { dropDisabledFields } from "./disabled-fields.ts";

/** pkg/apis/core/v1/defaults.go: what a Pod and a template of one share. */
export function defaultPodSpec(spec: Draft<PodSpec>): void {
  spec.dnsPolicy ??= "ClusterFirst";
  spec.restartPolicy ??= "Always";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ??= "default-scheduler";
  // The old name of the field follows the new one (pkg/apis/core/v1/conversion.go).
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  // A specification that is stored already has both, and is shared.
  if (account !== undefined && (spec.serviceAccountName !== account || spec.serviceAccount !== account)) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of allContainers(spec)) defaultContainer(container);
  dropDisabledFields(spec);
}

export function defaultTemplate(template: Draft<PodTemplateSpec>): void {
  defaultPodSpec(template.spec);
}

/** All containers of a Pod, in the order of the server: init, regular, ephemeral. */
export function allContainers<Spec extends Pick<PodSpec, "initContainers" | "containers" | "ephemeralContainers">>(
  spec: Spec,
): Spec["containers"][number][] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

function defaultContainer(container: Draft<Container>): void {
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  container.imagePullPolicy ??= pullPolicy(container.image ?? "");
  for (const port of container.ports ?? []) port.protocol ??= "TCP";
  for (const { valueFrom } of container.env ?? []) if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ??= "v1";
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe])
    if (probe) defaultProbe(probe);
  for (const handler of [container.lifecycle?.postStart, container.lifecycle?.preStop])
    if (handler) defaultHandler(handler);
}

/** Always for `latest`, which is the tag of an image that names none; a digest is as good as another tag. */
function pullPolicy(image: string): string {
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return digest === undefined && (tag === undefined || tag === "latest") && image !== "" ? "Always" : "IfNotPresent";
}

function defaultProbe(probe: Draft<Probe>): void {
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
  defaultHandler(probe);
}

function defaultHandler(handler: Draft<Handler>): void {
  if (handler.httpGet) defaultHttpGet(handler.httpGet);
  if (handler.grpc) handler.grpc.service ??= "";
}

function defaultHttpGet(action: Draft<HttpGetAction>): void {
  action.path ??= "/";
  action.scheme ??= "HTTP";
}

const FILE_MODE = 0o644;

function defaultVolume(volume: Draft<Volume>): void {
  const { name: _, ...sources } = volume;
  if (Object.keys(sources).length === 0) volume.emptyDir = {};
  if (volume.hostPath) volume.hostPath.type ??= "";
  if (volume.configMap) volume.configMap.defaultMode ??= FILE_MODE;
  if (volume.secret) volume.secret.defaultMode ??= FILE_MODE;
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= FILE_MODE;
    for (const { fieldRef } of volume.downwardAPI.items ?? []) if (fieldRef) fieldRef.apiVersion ??= "v1";
  }
  if (!volume.projected) return;
  volume.projected.defaultMode ??= FILE_MODE;
  for (const { serviceAccountToken, downwardAPI } of volume.projected.sources ?? []) {
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
    for (const { fieldRef } of downwardAPI?.items ?? []) if (fieldRef) fieldRef.apiVersion ??= "v1";
  }
}
