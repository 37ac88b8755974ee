import type { KubeObject, StreamSubresource } from "../../api/index.ts";

/** What is behind `/proxy/…` of a node, a Pod or a Service; names of the latter may carry a scheme and a port. */
export function proxySubresource<T extends KubeObject>(kind: string): StreamSubresource<T> {
  return {
    type: "stream",
    verbs: ["create", "delete", "get", "patch", "update"],
    as: { group: "", version: "v1", kind },
    objectName,
  };
}

/** `web` of `web`, `web:80` and `https:web:8443`. */
function objectName(name: string): string {
  const parts = name.split(":");
  return parts.length === 3 ? parts[1]! : parts[0]!;
}
