import { createHash } from "node:crypto";
import { encodeJson, type Json } from "../../output/index.ts";
import type { Resource } from "../resource.ts";
import { NOTE } from "../resource.ts";
import { toJson } from "../yaml/json.ts";

/** Puts a hash of their contents behind the names of generated objects (HashTransformer, api/hasher). */
export function addHashes(resources: readonly Resource[]): void {
  for (const resource of resources) {
    if (!resource.isEnabled(NOTE.needsHash)) continue;
    const hash = hashOf(resource);
    resource.storePreviousId();
    resource.setName(`${resource.name}-${hash}`);
  }
}

const LETTERS: Record<string, string> = { 0: "g", 1: "h", 3: "k", a: "m", e: "t" };

function hashOf(resource: Resource): string {
  const text = encodeJson(hashed(resource));
  const hex = createHash("sha256").update(text).digest("hex");
  return hex.slice(0, 10).replace(/[013ae]/g, (digit) => LETTERS[digit]!);
}

function hashed(resource: Resource): Json {
  const member = (name: string): Json => {
    const node = resource.node!.get(name);
    return node === undefined ? "" : toJson(node);
  };
  const { kind } = resource;
  // The name is looked up as one member `metadata/name`, so it is never there.
  const common = { kind, name: "", data: member("data") };
  const extra = (name: string): Record<string, Json> => (resource.node!.get(name) ? { [name]: member(name) } : {});
  if (kind === "ConfigMap") return { ...common, ...extra("binaryData") };
  if (kind === "Secret") return { ...common, type: member("type"), ...extra("stringData") };
  return resource.json();
}
