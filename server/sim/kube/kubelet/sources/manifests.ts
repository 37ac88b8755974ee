import { createHash } from "node:crypto";
import { attempt, Errno, parseYamlText } from "../../../host/index.ts";
import { decode as text, pad, rfc3339, SECOND, type Duration } from "../../../kernel/index.ts";
import {
  decode, isObject, typeId, yamlProblem, type Draft, type JsonObject, type Pod, type YamlProblem,
} from "../../api/index.ts"; // prettier-ignore
import { pods } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { addPod, removePod } from "./pods.ts";

const POD = typeId("", "v1", "Pod");

/** Reads the directory of manifests again: Pods of new files come, those of files that are gone or have changed go (config/file.go). */
export function readManifests(kubelet: Kubelet): void {
  const { staticPodPath } = kubelet.running.settings;
  if (staticPodPath === "") return;
  if (kubelet.running.manifestsChanged) kubelet.update({ manifestsChanged: false });
  const found = new Map<string, Pod>();
  let problems = false;
  for (const name of namesIn(kubelet, staticPodPath)) {
    const path = `${staticPodPath}/${name}`;
    const pod = readManifest(kubelet, path);
    if (pod === undefined) continue;
    if (typeof pod === "string") {
      problems = true;
      const error = `${path}: ${pod}, please check config file`;
      kubelet.log(
        "E",
        "file.go:187",
        `"Could not process manifest file" err=${JSON.stringify(error)} path=${JSON.stringify(path)}`,
      );
    } else found.set(pod.metadata.uid, pod);
  }
  complainAgain(kubelet, problems);
  for (const row of kubelet.pods.values()) if (row.source === "file" && !found.has(row.uid)) removePod(kubelet, row);
  for (const pod of found.values()) if (!kubelet.pods.has(pod.metadata.uid)) addPod(kubelet, pod, "file");
}

/** fileCheckFrequency: files that are wrong are told of each time that the directory is read. */
const FILE_CHECK: Duration = 20 * SECOND;

function complainAgain(kubelet: Kubelet, problems: boolean): void {
  const { manifestTimer = null } = kubelet.running;
  if (manifestTimer !== null) kubelet.kernel.cancel(manifestTimer);
  else if (!problems) return;
  kubelet.update({
    manifestTimer: problems ? kubelet.after(FILE_CHECK, EVENTS.manifests, {}, { periodic: true }) : null,
  });
}

function namesIn({ host }: Kubelet, path: string): string[] {
  const names = attempt(() => host.files.list(path));
  if (names instanceof Errno) return [];
  // Files whose names begin with a dot are not Pods.
  return names.filter((name) => !name.startsWith(".") && isFile(host, `${path}/${name}`)).sort();
}

function isFile(host: Kubelet["host"], path: string): boolean {
  const stat = attempt(() => host.files.stat(path));
  return !(stat instanceof Errno) && stat.type === "file";
}

/** The Pod of a file, or why there is none. An empty file is no Pod, and no mistake. */
function readManifest(kubelet: Kubelet, path: string): Pod | string | undefined {
  const data = attempt(() => kubelet.host.files.read(path));
  if (data instanceof Errno) return undefined;
  const cannot = (why: string): string => `couldn't parse as pod(${why})`;
  let value: unknown;
  try {
    value = parseYamlText(text(data));
  } catch (error) {
    return cannot(`yaml: ${yamlProblem(error as YamlProblem)}`);
  }
  if (value === null || value === undefined) return cannot("Object 'Kind' is missing in 'null'");
  if (!isObject(value))
    return cannot(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  const missing = ["kind", "apiVersion"].find((field) => typeof value[field] !== "string" || value[field] === "");
  if (missing !== undefined)
    return cannot(
      `Object '${missing === "kind" ? "Kind" : "apiVersion"}' is missing in '${JSON.stringify(sorted(value))}'`,
    );
  const [kind, apiVersion] = [value["kind"] as string, value["apiVersion"] as string];
  if (kind !== "Pod" || apiVersion !== "v1")
    return cannot(
      `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  const decoded = decode(POD, value);
  if (decoded.error !== undefined) return cannot(decoded.error);
  const [unknown] = decoded.unknown;
  if (unknown !== undefined) return cannot(`strict decoding error: unknown field "${unknown}"`);
  return defaulted(kubelet, decoded.value, path);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** config/common.go applyDefaults: the uid is the hash of the Pod, its name that of the node behind its own. */
function defaulted(kubelet: Kubelet, value: JsonObject, path: string): Pod {
  const draft = JSON.parse(JSON.stringify(value)) as Draft<Pod>;
  const { nodeName } = kubelet.running;
  draft.status ??= {};
  pods.defaults?.(draft);
  const given = draft.metadata.uid as string | undefined;
  const hash =
    given ||
    createHash("md5")
      .update(`host:${nodeName}file:${path}${JSON.stringify(value)}`)
      .digest("hex");
  const { now } = kubelet.kernel;
  const tolerations = draft.spec.tolerations ?? [];
  return {
    metadata: {
      ...draft.metadata,
      name: `${draft.metadata.name}-${nodeName}`.toLowerCase(),
      namespace: draft.metadata.namespace || "default",
      uid: hash,
      resourceVersion: "",
      creationTimestamp: draft.metadata.creationTimestamp ?? rfc3339(now),
      annotations: {
        ...draft.metadata.annotations,
        "kubernetes.io/config.hash": hash,
        "kubernetes.io/config.seen": `${rfc3339(now).slice(0, 19)}.${pad(now % 1_000_000, 6)}${pad(kubelet.kernel.random.below("kubelet/seen", 1000), 3)}Z`,
        "kubernetes.io/config.source": "file",
      },
    },
    spec: {
      ...draft.spec,
      nodeName,
      tolerations: tolerations.some(
        ({ operator, effect, key }) => operator === "Exists" && effect === "NoExecute" && !key,
      )
        ? tolerations
        : [...tolerations, { operator: "Exists", effect: "NoExecute" }],
    },
    status: { phase: "Pending" },
  };
}
