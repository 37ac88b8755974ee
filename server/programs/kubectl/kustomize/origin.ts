import { ORIGIN, TRANSFORMATIONS, type Resource } from "./resource.ts";
import type { ResId } from "./resid.ts";

/** Where an object came from, as `buildMetadata` tells it in annotations (api/resource/origin.go). */
export interface Origin {
  /** A file; relative to the folder that is built. */
  readonly path?: string;
  /** Of what a generator or transformer made: the file that says so, and which it was. */
  readonly configuredIn?: string;
  readonly configuredBy?: { readonly kind: string; readonly name: string; readonly namespace: string };
}

/** A path below another, as short as it can be. */
export function below(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/") || ".";
}

/** That of what a plugin makes, which is part of a kustomization or has a file. */
export function configured(file: string, kind: string, id?: Pick<ResId, "name" | "namespace">): Origin {
  return { configuredIn: file, configuredBy: { kind, name: id?.name ?? "", namespace: id?.namespace ?? "" } };
}

export function setOrigin(resource: Resource, origin: Origin): void {
  resource.setAnnotations({
    ...resource.annotations,
    [ORIGIN]: originLines(origin)
      .map((line) => `${line}\n`)
      .join(""),
  });
}

export function hasOrigin(resource: Resource): boolean {
  return resource.annotations[ORIGIN] !== undefined;
}

/** Notes that a transformer worked on an object; for one that has no origin, that it made it. */
export function addTransformation(resource: Resource, origin: Origin): void {
  if (!hasOrigin(resource)) return setOrigin(resource, origin);
  const { annotations } = resource;
  const item = originLines(origin).map((line, at) => `${at === 0 ? "- " : "  "}${line}\n`);
  resource.setAnnotations({
    ...annotations,
    [TRANSFORMATIONS]: `${annotations[TRANSFORMATIONS] ?? ""}${item.join("")}`,
  });
}

function originLines({ path, configuredIn, configuredBy }: Origin): string[] {
  const lines: string[] = [];
  if (path !== undefined) lines.push(`path: ${path}`);
  if (configuredIn !== undefined) lines.push(`configuredIn: ${configuredIn}`);
  if (configuredBy) {
    const { kind, name, namespace } = configuredBy;
    lines.push("configuredBy:", "  apiVersion: builtin", `  kind: ${kind}`);
    if (name !== "") lines.push(`  name: ${name}`);
    if (namespace !== "") lines.push(`  namespace: ${namespace}`);
  }
  return lines;
}
