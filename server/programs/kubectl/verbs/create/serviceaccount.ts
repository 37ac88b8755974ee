import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";

export const serviceAccount = generator({
  use: "create serviceaccount NAME [--dry-run=server|client|none]",
  summary: "Create a service account with the specified name",
  about: "Create a service account with the specified name.",
  aliases: ["sa"],
  examples: "# A service account called bot\nkubectl create serviceaccount bot",
  flags: {},
  mapping: { group: "", version: "v1", resource: "serviceaccounts", kind: "ServiceAccount", namespaced: true },
  failure: "failed to create serviceaccount: ",
  build: ({ name, namespace }) => ({
    kind: "ServiceAccount",
    apiVersion: "v1",
    metadata: objectMeta(name, { namespace }),
  }),
});
