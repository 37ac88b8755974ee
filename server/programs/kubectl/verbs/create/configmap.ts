import { decode, type Bytes } from "../../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { bool, list, texts } from "../../cobra/flag.ts";
import { quote, isFailure } from "../../output/index.ts";
import { readData } from "./data-sources.ts";
import { generator } from "./generator.ts";
import { hashedName } from "./hash.ts";
import { objectMeta } from "./meta.ts";

export const configMap = generator({
  use: "create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  summary: "Create a config map from a local file, directory or literal value",
  about:
    "Create a config map from files, folders or literal values.\n\n The key of a file is its name, unless another one is given; of a folder, all files whose names can be keys are taken.",
  aliases: ["cm"],
  examples: `# From two literals
kubectl create configmap web --from-literal=MODE=prod --from-literal=PORT=80

# From a file, with a key of its own
kubectl create configmap web --from-file=site=index.html

# From a file of NAME=VALUE lines
kubectl create configmap web --from-env-file=web.env`,
  flags: {
    "append-hash": bool("Append a hash of the content to the name."),
    "from-env-file": list("A file of NAME=VALUE lines."),
    "from-file": list("A file or folder, or KEY=FILE."),
    "from-literal": texts("KEY=VALUE."),
  },
  mapping: { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespaced: true },
  failure: "failed to create configmap: ",
  async build({ name, namespace, flags, invocation }) {
    if (name === "") return { error: "name must be specified" };
    const entries = await readData(invocation.process, flags, {
      invalid: (key, why) => `${key} is not a valid key name for a ConfigMap: ${why}`,
      known: (key) =>
        `cannot add key ${quote(key)}, another key by that name already exists in Data for ConfigMap ${quote(name)}`,
    });
    if (isFailure(entries)) return entries;
    const data: JsonObject = {};
    const binaryData: JsonObject = {};
    for (const [key, value] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (isText(value)) data[key] = decode(value);
      else binaryData[key] = Buffer.from(value, "latin1").toString("base64");
    const filled: JsonObject = Object.keys(binaryData).length > 0 ? { binaryData } : {};
    const content: JsonObject = { ...(Object.keys(data).length > 0 ? { data } : {}), ...filled };
    const called = flags["append-hash"] ? hashedName("ConfigMap", name, { data, ...filled }) : name;
    return { kind: "ConfigMap", apiVersion: "v1", metadata: objectMeta(called, { namespace }), ...content };
  },
});

/** Whether bytes are UTF-8. */
function isText(value: Bytes): boolean {
  return !/[\udc80-\udcff]/.test(decode(value));
}
