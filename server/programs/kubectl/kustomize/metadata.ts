import { GoError } from "../errors/go-error.ts";
import { textsOf } from "./resource.ts";
import { sortedNames, type Node } from "./yaml/node.ts";

/** Throws if a node is no object with a kind and a name (kyaml rnode.go GetValidatedMetadata). */
export function checkMetadata(node: Node): void {
  const metadata = node.kind === "map" ? node.get("metadata") : undefined;
  const [apiVersion, kind] = node.kind === "map" ? [node.textOf("apiVersion"), node.textOf("kind")] : ["", ""];
  if (apiVersion === "" && kind === "" && (metadata === undefined || metadata.isEmpty))
    throw new GoError("missing Resource metadata");
  const [name, namespace] = [metadata?.textOf("name") ?? "", metadata?.textOf("namespace") ?? ""];
  const labels = textsOf(metadata?.get("labels"));
  const annotations = textsOf(metadata?.get("annotations"));
  const object = `{{${apiVersion} ${kind}} {{${name} ${namespace}} ${mapText(labels)} ${mapText(annotations)}}}`;
  if (kind === "") throw new GoError(`missing kind in object ${object}`);
  if (kind.endsWith("List")) return;
  if (name === "") throw new GoError(`missing metadata.name in object ${object}`);
}

function mapText(texts: Readonly<Record<string, string>>): string {
  return `map[${sortedNames(texts)
    .map((name) => `${name}:${texts[name]!}`)
    .join(" ")}]`;
}
