import { names, type JsonObject } from "../../../../sim/kube/api/index.ts";
import type { ValuesOf } from "../../cobra/flag.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { objectMeta } from "../create/meta.ts";
import { parseLabels } from "../expose.ts";
import { parsePairs } from "../label/pairs.ts";
import type { RUN_FLAGS } from "./flags.ts";

type Flags = ValuesOf<typeof RUN_FLAGS>;

/** The pod that `run` makes, as a Go struct (kubectl pkg/cmd/run/run.go createPod). */
export function runPod(name: string, words: readonly string[], flags: Flags): JsonObject | Failure {
  const annotations = parsePairs(flags.annotations, "annotations", false);
  if (isFailure(annotations)) return annotations;
  const env: JsonObject[] = [];
  for (const pair of flags.env) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(0, equals));
    if (equals < 0 || key === "" || names.strictEnvironmentName(key).length > 0)
      return { error: `invalid env: ${pair}` };
    env.push({ name: key, ...(pair.length > equals + 1 ? { value: pair.slice(equals + 1) } : {}) });
  }
  const labels = flags.labels === "" ? { run: name } : parseLabels(flags.labels);
  if (isFailure(labels)) return labels;
  const pull = flags["image-pull-policy"];
  const container: JsonObject = {
    name,
    image: flags.image,
    ...(words.length > 0 ? (flags.command ? { command: [...words] } : { args: [...words] }) : {}),
    ...(flags.port === "" ? {} : { ports: [{ containerPort: Number(flags.port) }] }),
    ...(env.length > 0 ? { env } : {}),
    resources: {},
    ...(pull === "" ? {} : { imagePullPolicy: pull }),
    ...(flags.privileged ? { securityContext: { privileged: true } } : {}),
    ...(flags.stdin ? { stdin: true, ...(flags["leave-stdin-open"] ? {} : { stdinOnce: true }) } : {}),
    ...(flags.tty ? { tty: true } : {}),
  };
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: objectMeta(name, {
      labels: sorted(labels),
      annotations: Object.fromEntries(annotations.set),
    }),
    spec: { containers: [container], restartPolicy: restartPolicyOf(flags), dnsPolicy: "ClusterFirst" },
    status: {},
  };
}

export function restartPolicyOf({ restart, stdin }: Pick<Flags, "restart" | "stdin">): string {
  if (restart !== "") return restart;
  return stdin ? "OnFailure" : "Always";
}

/** The service of `--expose`. It has the labels that were asked for only. */
export function runService(name: string, flags: Flags): JsonObject {
  const given = flags.labels === "" ? undefined : (parseLabels(flags.labels) as JsonObject);
  const port = Number(flags.port);
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: objectMeta(name, given ? { labels: sorted(given) } : {}),
    spec: { ports: [{ protocol: "TCP", port, targetPort: port }], selector: sorted(given ?? { run: name }) },
    status: { loadBalancer: {} },
  };
}

function sorted(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
