import type { JsonObject } from "../../../sim/kube/api/index.ts";
import type { Mapping } from "../client/api-resource.ts";
import type { Failure } from "../output/index.ts";
import { metadataOf } from "../resource/info.ts";

type StringMap = Readonly<Record<string, string>>;

interface Port {
  readonly containerPort?: number;
  readonly port?: number;
  readonly protocol?: string;
}

/** The types that a Service can stand before (kubectl pkg/polymorphichelpers/canbeexposed.go). */
const EXPOSABLE = new Set(["ReplicationController", "Service", "Pod", "Deployment.apps", "ReplicaSet.apps"]);

export function canBeExposed({ group, kind }: Mapping): Failure | undefined {
  const name = group === "" ? kind : `${kind}.${group}`;
  return EXPOSABLE.has(name) ? undefined : { error: `cannot expose a ${name}` };
}

/** The labels of the pods behind a thing (mapbasedselectorforobject.go). */
export function selectorOf(object: JsonObject): StringMap | Failure {
  const spec = (object["spec"] ?? {}) as JsonObject;
  switch (object["kind"]) {
    case "Pod": {
      const labels = (metadataOf(object)["labels"] ?? {}) as StringMap;
      return Object.keys(labels).length === 0 ? { error: "the pod has no labels and cannot be exposed" } : labels;
    }
    case "Service":
    case "ReplicationController": {
      const selector = spec["selector"] as StringMap | undefined;
      const kind = object["kind"] === "Service" ? "service" : "replication controller";
      return selector ?? { error: `the ${kind} has no pod selector set` };
    }
    default: {
      const selector = spec["selector"] as { matchLabels?: StringMap; matchExpressions?: unknown[] } | undefined;
      if (selector?.matchExpressions?.length)
        return {
          error: `couldn't convert expressions - "${JSON.stringify(selector.matchExpressions)}" to map-based selector format`,
        };
      return selector?.matchLabels ?? { error: "invalid deployment: no selectors, therefore cannot be exposed" };
    }
  }
}

/** Ports with their protocols, in order; a port may be there for several protocols (portsforobject.go, protocolsforobject.go). */
export function portsOf(object: JsonObject): readonly { readonly port: string; readonly protocol: string }[] {
  const spec = (object["spec"] ?? {}) as JsonObject;
  if (object["kind"] === "Service")
    return ((spec["ports"] ?? []) as Port[]).map(({ port, protocol = "TCP" }) => ({ port: String(port), protocol }));
  const podSpec = (
    object["kind"] === "Pod" ? spec : ((spec["template"] as JsonObject | undefined)?.["spec"] ?? {})
  ) as {
    containers?: readonly { ports?: readonly Port[] }[];
  };
  return (podSpec.containers ?? []).flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol = "TCP" }) => ({ port: String(containerPort), protocol })),
  );
}
