import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";

export const namespace = generator({
  use: "create namespace NAME [--dry-run=server|client|none]",
  summary: "Create a namespace with the specified name",
  about: "Create a namespace with the specified name.",
  aliases: ["ns"],
  examples: "# A namespace called lab\nkubectl create namespace lab",
  flags: {},
  mapping: { group: "", version: "v1", resource: "namespaces", kind: "Namespace", namespaced: false },
  build: ({ name }) => ({ kind: "Namespace", apiVersion: "v1", metadata: objectMeta(name), spec: {}, status: {} }),
});
