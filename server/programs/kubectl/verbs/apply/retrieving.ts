import { addSource } from "../../errors/add-source.ts";
import type { Info } from "../../resource/info.ts";

/** Why the object that a file names cannot be had from the server. */
export function retrieving(info: Info, error: unknown): unknown {
  return addSource(`retrieving current configuration of:\n${infoText(info)}\nfrom server for:`, info.source, error);
}

/** resource.Info.String() */
export function infoText({ mapping, namespace, name }: Info): string {
  const { group, version, resource, kind } = mapping;
  return `Resource: "${group}/${version}, Resource=${resource}", GroupVersionKind: "${group}/${version}, Kind=${kind}"\nName: "${name}", Namespace: "${namespace}"`;
}
