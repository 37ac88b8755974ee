import { encode } from "../../../kernel/index.ts";
import {
  StatusError,
  Unreachable,
  type ConfigMap,
  type JsonObject,
  type KeyToPath,
  type Secret,
  type Volume,
  type VolumeProjection,
} from "../../api/index.ts";
import { configMaps, secrets, serviceAccounts } from "../../kinds/index.ts";
import { fieldValue } from "../environment/fields.ts";
import { resourceValue } from "../environment/resources.ts";
import type { Kubelet } from "../kubelet.ts";
import { nodeAddresses } from "../node/addresses.ts";
import { allocatable } from "../node/capacity.ts";
import { podIPsOf } from "../runtime/pod-ips.ts";
import { containerSpec } from "../pods/containers.ts";
import type { PodRow } from "../pods/row.ts";
import type { Projection } from "./atomic-writer.ts";

/** Why a volume cannot be set up; words of the kubelet. */
export class VolumeError extends Error {}

type Files = Map<string, Projection>;

const DEFAULT_MODE = 0o644;

/** The files of a volume that shows objects, or undefined if it is none of that kind. Throws VolumeError. */
export function volumeContent(kubelet: Kubelet, row: PodRow, volume: Volume): Files | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  const files: Files = new Map();
  if (configMap) addConfigMap(kubelet, row, files, configMap, configMap.defaultMode ?? DEFAULT_MODE);
  else if (secret)
    addSecret(kubelet, row, files, { ...secret, name: secret.secretName ?? "" }, secret.defaultMode ?? DEFAULT_MODE);
  else if (downwardAPI) addDownward(kubelet, row, files, downwardAPI, downwardAPI.defaultMode ?? DEFAULT_MODE);
  else if (projected)
    for (const source of projected.sources ?? [])
      addSource(kubelet, row, files, source, projected.defaultMode ?? DEFAULT_MODE, volume.name);
  else return undefined;
  return files;
}

function addSource(
  kubelet: Kubelet,
  row: PodRow,
  files: Files,
  source: VolumeProjection,
  mode: number,
  volume: string,
): void {
  if (source.configMap) addConfigMap(kubelet, row, files, source.configMap, mode);
  if (source.secret) addSecret(kubelet, row, files, source.secret, mode);
  if (source.downwardAPI) addDownward(kubelet, row, files, source.downwardAPI, mode);
  if (source.serviceAccountToken) addToken(kubelet, row, files, source.serviceAccountToken, mode, volume);
}

interface Reference {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

function addConfigMap(kubelet: Kubelet, row: PodRow, files: Files, reference: Reference, mode: number): void {
  const { name = "", optional = false } = reference;
  const object: ConfigMap | undefined = read(kubelet, "configmap", (client) =>
    client.get(configMaps, row.pod.metadata.namespace ?? "", name),
  );
  if (!object && !optional) throw new VolumeError(`configmap ${JSON.stringify(name)} not found`);
  const content = new Map<string, string>();
  for (const [key, value] of Object.entries(object?.data ?? {})) content.set(key, encode(value));
  for (const [key, value] of Object.entries(object?.binaryData ?? {})) content.set(key, fromBase64(value));
  place(files, content, reference, mode, "configmap");
}

function addSecret(kubelet: Kubelet, row: PodRow, files: Files, reference: Reference, mode: number): void {
  const { name = "", optional = false } = reference;
  const object: Secret | undefined = read(kubelet, "secret", (client) =>
    client.get(secrets, row.pod.metadata.namespace ?? "", name),
  );
  if (!object && !optional) throw new VolumeError(`secret ${JSON.stringify(name)} not found`);
  const content = new Map(Object.entries(object?.data ?? {}).map(([key, value]) => [key, fromBase64(value)]));
  place(files, content, reference, mode, "secret");
}

function read<T>(
  kubelet: Kubelet,
  kind: string,
  get: (client: NonNullable<Kubelet["api"]["client"]>) => T | undefined,
): T | undefined {
  const { client, open } = kubelet.api;
  if (!client || !open) throw new VolumeError(`failed to sync ${kind} cache: timed out waiting for the condition`);
  return get(client);
}

/** All keys, or the items that are named, under their paths (configmap.MakePayload). */
function place(
  files: Files,
  content: ReadonlyMap<string, string>,
  { items, optional }: Reference,
  mode: number,
  kind: string,
): void {
  if (!items?.length) {
    for (const [key, data] of content) files.set(key, { data, mode });
    return;
  }
  for (const item of items) {
    const data = content.get(item.key);
    if (data !== undefined) files.set(item.path, { data, mode: item.mode ?? mode });
    else if (!optional)
      throw new VolumeError(
        kind === "configmap"
          ? `configmap references non-existent config key: ${item.key}`
          : `references non-existent secret key: ${item.key}`,
      );
  }
}

function addDownward(
  kubelet: Kubelet,
  row: PodRow,
  files: Files,
  { items = [] }: NonNullable<VolumeProjection["downwardAPI"]>,
  mode: number,
): void {
  const { pod } = row;
  for (const { path, fieldRef, resourceFieldRef, mode: own = mode } of items) {
    let value = "";
    if (fieldRef)
      value = fieldValue(fieldRef, pod, { podIPs: podIPsOf(kubelet, row), hostIPs: nodeAddresses(kubelet) });
    else if (resourceFieldRef) {
      const container = containerSpec(pod, resourceFieldRef.containerName ?? "") ?? pod.spec.containers[0]!;
      value = resourceValue(resourceFieldRef, pod, container, allocatable(kubelet));
    }
    files.set(path, { data: encode(value), mode: own });
  }
}

/** A token that the API server signs; one that is there already stays until it gets old (pkg/kubelet/token). */
function addToken(
  kubelet: Kubelet,
  row: PodRow,
  files: Files,
  { path, audience, expirationSeconds = 3600 }: NonNullable<VolumeProjection["serviceAccountToken"]>,
  mode: number,
  volume: string,
): void {
  const { pod, uid } = row;
  const known = kubelet.tokens.get(`${uid}/${volume}/${path}`);
  if (known && kubelet.kernel.now < known.refreshAt) return void files.set(path, { data: known.token, mode });
  const { client, open } = kubelet.api;
  const { name, namespace = "" } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  const failed = (why: string): VolumeError => new VolumeError(`failed to fetch token: ${why}`);
  if (!client || !open) throw failed(`the API server cannot be reached`);
  try {
    const answer = client.ask(serviceAccounts, namespace, account, "token", {
      spec: {
        audiences: audience ? [audience] : [],
        expirationSeconds,
        boundObjectRef: { kind: "Pod", apiVersion: "v1", name, uid },
      },
    });
    const { token } = answer["status"] as JsonObject & { token: string };
    const refreshAt = kubelet.kernel.now + expirationSeconds * 800_000;
    kubelet.tokens.set(`${uid}/${volume}/${path}`, { token, refreshAt });
    files.set(path, { data: token, mode });
  } catch (error) {
    if (error instanceof StatusError || error instanceof Unreachable) throw failed(error.message);
    throw error;
  }
}

function fromBase64(value: string): string {
  return Buffer.from(value, "base64").toString("latin1");
}
