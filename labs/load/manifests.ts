import { isMap, isNode, isScalar, LineCounter, parseAllDocuments, type Document } from "yaml";
import { nearest } from "../../grader/index.ts";
import { apiVersion, type AnyKind, type JsonObject } from "../../server/sim/kube/api/index.ts";
import { KINDS } from "../../server/sim/kube/kinds/index.ts";
import { yamlMistake } from "../schema/yaml-mistake.ts";
import type { LabFolder } from "./folder.ts";
import { kindsOf } from "./preset-kinds.ts";

/** One document of a manifest. */
export interface ManifestObject {
  readonly object: JsonObject;
  readonly kind: AnyKind;
  /** `file:line:column` of a field, written `spec.ports[0].port`, or of the nearest one around it that is there. */
  position(field?: string): string;
}

/** Reads the documents of a manifest for a cluster with these kinds; problems are told with their place. `text` has its variants filled in. */
export function readManifest(
  path: string,
  text: string,
  kinds: readonly AnyKind[] = KINDS,
): { objects: ManifestObject[]; problems: string[] } {
  const lines = new LineCounter();
  const objects: ManifestObject[] = [];
  const problems: string[] = [];
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  // Kubernetes reads YAML 1.1: `on` and `yes` are true.
  for (const document of parseAllDocuments(text, { version: "1.1", lineCounter: lines, prettyErrors: false })) {
    const mistake = yamlMistake(document, text);
    if (mistake) {
      problems.push(`${place(mistake.offset)}: ${mistake.words}`);
      // What comes behind may only seem to be another document.
      break;
    }
    if (document.contents === null) continue;
    const at = place(document.contents.range[0]);
    if (!isMap(document.contents)) {
      problems.push(`${at}: expected an object with apiVersion, kind and metadata`);
      continue;
    }
    const object = document.toJS() as JsonObject;
    const position = (field = ""): string => place(offsetOf(document, field) ?? document.contents!.range[0]);
    const kind = kinds.find(
      (candidate) => candidate.kind === object["kind"] && apiVersion(candidate) === object["apiVersion"],
    );
    const name = (object["metadata"] as JsonObject | undefined)?.["name"];
    if (!kind) problems.push(kindProblem(object, kinds, position));
    else if (name === undefined)
      problems.push(`${position("metadata")}: metadata.name is missing: write what it is called`);
    else
      objects.push({
        object,
        kind,
        position,
      });
  }
  if (objects.length === 0 && problems.length === 0 && text.trim() !== "")
    problems.push(`${path}:1:1: no object stands in this file: write some, or take the step away`);
  return { objects, problems };
}

function kindProblem(object: JsonObject, kinds: readonly AnyKind[], position: (field: string) => string): string {
  const [kind, version] = [object["kind"], object["apiVersion"]];
  for (const [field, value] of Object.entries({ apiVersion: version, kind }))
    if (typeof value !== "string") return `${position(field)}: ${field} is missing: write it as kubectl takes it`;
  const versions = kinds.filter((each) => each.kind === kind).map(apiVersion);
  const known = `this cluster has no kind ${JSON.stringify(kind)} in ${JSON.stringify(version)}`;
  if (versions.length > 0) return `${position("apiVersion")}: ${known}: write apiVersion: ${versions.join(" or ")}`;
  const meant = nearest(
    JSON.stringify(kind).slice(1, -1),
    kinds.map((each) => each.kind),
  );
  const advice =
    kind === "List" ? "write its items one by one, with --- between them" : meant && `did you mean ${meant}?`;
  return `${position("kind")}: ${known}${advice === undefined ? "" : `: ${advice}`}`;
}

/** Where a field stands in a document, or the nearest one around it. */
function offsetOf(document: Document.Parsed, field: string): number | undefined {
  const path = [...field.matchAll(/[^.[\]]+/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key));
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === path[length - 1])
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

/** Problems of a manifest whatever the seed: variants stand in it as they are written, which is YAML only between quotes. */
export function manifestProblems({ path, files }: LabFolder, file: string, preset: string): string[] {
  const text = files.get(file);
  if (text === undefined) return [];
  // Any value will do: one of the same length keeps the columns.
  const filled = text.replace(/\{\{[^{}]*\}\}/g, (name) => "1".repeat(name.length));
  return readManifest(`${path}/${file}`, filled, kindsOf(preset)).problems;
}
