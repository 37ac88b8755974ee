import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { decode } from "../../../../sim/kernel/index.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { metadataOf, type Info } from "../../resource/info.ts";
import { quantityText } from "../../describe/quantity.ts";

type Resolved = { readonly value: string } | { readonly error: string };

interface From {
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly resource: string; readonly divisor?: string };
  readonly secretKeyRef?: { readonly name?: string; readonly key: string };
  readonly configMapKeyRef?: { readonly name?: string; readonly key: string };
}

/** The value that a reference leads to (kubectl pkg/cmd/set/env GetEnvVarRefValue). */
export async function resolveVariable(
  factory: Factory,
  info: Info,
  container: JsonObject,
  from: JsonObject,
): Promise<Resolved> {
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = from as From;
  if (secretKeyRef) return fromMap(factory, info, "secrets", "Secret", secretKeyRef);
  if (configMapKeyRef) return fromMap(factory, info, "configmaps", "ConfigMap", configMapKeyRef);
  if (fieldRef) return fromField(info, fieldRef.fieldPath);
  if (resourceFieldRef) {
    const [part = "", name = ""] = resourceFieldRef.resource.split(/\.(.*)/s);
    const quantity = ((container["resources"] ?? {}) as Record<string, Record<string, string>>)[part]?.[name];
    return { value: quantity === undefined ? "0" : quantityText(quantity, resourceFieldRef.divisor) };
  }
  return { error: "invalid valueFrom" };
}

async function fromMap(
  factory: Factory,
  { namespace }: Info,
  resource: string,
  kind: string,
  { name = "", key }: { readonly name?: string; readonly key: string },
): Promise<Resolved> {
  const helper = await factory.helper();
  const mapping = { group: "", version: "v1", resource, kind, namespaced: true };
  try {
    const object = await helper.get({ mapping, namespace, name });
    const data = (object["data"] ?? {}) as Record<string, string>;
    if (!Object.hasOwn(data, key))
      return { error: `key ${key} not found in ${kind === "Secret" ? "secret" : "config map"} ${name}` };
    return { value: kind === "Secret" ? decode(Buffer.from(data[key]!, "base64").toString("latin1")) : data[key]! };
  } catch (error) {
    if (error instanceof GoError) return { error: error.message };
    throw error;
  }
}

function fromField({ object }: Info, path: string): Resolved {
  const metadata = metadataOf(object) as Record<string, unknown>;
  const subscript = /^metadata\.(annotations|labels)\['(.*)'\]$/.exec(path);
  if (subscript)
    return { value: (metadata[subscript[1]!] as Record<string, string> | undefined)?.[subscript[2]!] ?? "" };
  const known = /^metadata\.(name|namespace|uid)$/.exec(path);
  if (known) return { value: (metadata[known[1]!] as string | undefined) ?? "" };
  const map = /^metadata\.(annotations|labels)$/.exec(path);
  if (map) {
    const entries = Object.entries((metadata[map[1]!] ?? {}) as Record<string, string>).sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    return { value: entries.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join("\n") };
  }
  return { error: `unsupported fieldPath: ${path}` };
}
