import { Errno, type Process } from "../../../sim/host/index.ts";
import { encode } from "../../../sim/kernel/index.ts";
import { GoError } from "../errors/go-error.ts";
import type { ResMap } from "./resmap.ts";
import { effectiveNamespace } from "./resid.ts";
import type { Resource } from "./resource.ts";
import { isClusterScoped } from "./openapi.ts";

/** Writes all objects to a file, or each to one of its own if the path is a folder (kustomize/commands/build/writer.go). */
export function writeObjects(process: Process, path: string, map: ResMap): void {
  const { files } = process.host;
  const isFolder = files.exists(path, process) && files.stat(path, process).type === "dir";
  if (!isFolder) return write(process, path, map.yaml());
  const namespaces = new Set(map.list.filter(({ id }) => !isClusterScoped(id)).map(({ id }) => effectiveNamespace(id)));
  for (const resource of map.list) {
    const prefix = namespaces.size > 1 && !isClusterScoped(resource.id) ? `${effectiveNamespace(resource.id).toLowerCase()}_` : ""; // prettier-ignore
    write(process, `${path}/${prefix}${fileName(resource)}`, resource.yaml());
  }
}

function fileName({ gvk: { group, version, kind }, name }: Resource): string {
  const parts = [group, version, kind, name].filter((part) => part !== "");
  return `${parts.join("_").toLowerCase()}.yaml`;
}

function write(process: Process, path: string, text: string): void {
  try {
    process.host.files.write(path, encode(text), { mode: 0o644 }, process);
  } catch (error) {
    if (error instanceof Errno) throw new GoError(`open ${path}: ${error.message.toLowerCase()}`);
    throw error;
  }
}
