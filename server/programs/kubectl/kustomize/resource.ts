import { GoError } from "../errors/go-error.ts";
import type { Json } from "../output/golang/kind.ts";
import { matchesLabels, parseLabelSelector } from "../../../sim/kube/api/index.ts";
import { mergeNodes } from "./merge.ts";
import { effectiveNamespace, parseApiVersion, type Gvk, type ResId } from "./resid.ts";
import { nodeSyntax, toJson, yamlText } from "./yaml/json.ts";
import { Node } from "./yaml/node.ts";

/** Notes that kustomize keeps in an object's annotations while it works (api/internal/utils/annotations.go). */
export const NOTE = {
  previousKinds: "internal.config.kubernetes.io/previousKinds",
  previousNames: "internal.config.kubernetes.io/previousNames",
  previousNamespaces: "internal.config.kubernetes.io/previousNamespaces",
  prefixes: "internal.config.kubernetes.io/prefixes",
  suffixes: "internal.config.kubernetes.io/suffixes",
  allowNameChange: "internal.config.kubernetes.io/allowNameChange",
  allowKindChange: "internal.config.kubernetes.io/allowKindChange",
  refBy: "internal.config.kubernetes.io/refBy",
  behavior: "internal.config.kubernetes.io/generatorBehavior",
  needsHash: "internal.config.kubernetes.io/needsHashSuffix",
} as const;
export const ORIGIN = "config.kubernetes.io/origin";
export const TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations";

type Texts = Record<string, string>;
export type Behavior = "unspecified" | "create" | "replace" | "merge";

/** An object on its way through a build (api/resource/resource.go). */
export class Resource {
  /** Undefined after a patch deleted the whole of it. */
  node: Node | undefined;
  /** Names of the vars that take their values here. */
  varNames: string[] = [];

  constructor(node: Node) {
    this.node = node;
  }

  get isEmpty(): boolean {
    return this.node === undefined || this.node.isEmpty;
  }

  get kind(): string {
    return this.node?.textOf("kind") ?? "";
  }

  get apiVersion(): string {
    return this.node?.textOf("apiVersion") ?? "";
  }

  get name(): string {
    return this.#metadata?.textOf("name") ?? "";
  }

  get namespace(): string {
    return this.#metadata?.textOf("namespace") ?? "";
  }

  get gvk(): Gvk {
    return { ...parseApiVersion(this.apiVersion), kind: this.kind };
  }

  get id(): ResId {
    return { ...this.gvk, name: this.name, namespace: this.namespace };
  }

  /** The ids it had before, the oldest first. */
  get previousIds(): ResId[] {
    const names = this.note(NOTE.previousNames);
    const namespaces = this.note(NOTE.previousNamespaces);
    const kinds = this.note(NOTE.previousKinds);
    const { group, version } = this.gvk;
    return names.map((name, at) => ({ group, version, kind: kinds[at]!, name, namespace: namespaces[at]! }));
  }

  get originalId(): ResId {
    return this.previousIds[0] ?? this.id;
  }

  get #metadata(): Node | undefined {
    return this.node?.get("metadata");
  }

  setName(name: string): void {
    this.#madeMetadata().set("name", Node.scalar(name));
  }

  setKind(kind: string): void {
    this.node!.set("kind", Node.scalar(kind));
  }

  setApiVersion(apiVersion: string): void {
    this.node!.set("apiVersion", Node.scalar(apiVersion));
  }

  setNamespace(namespace: string): void {
    if (namespace === "") this.#metadata?.remove("namespace");
    else this.#madeMetadata().set("namespace", Node.scalar(namespace));
  }

  get annotations(): Texts {
    return this.#texts("annotations");
  }

  setAnnotations(annotations: Texts): void {
    this.#setTexts("annotations", annotations);
  }

  get labels(): Texts {
    return this.#texts("labels");
  }

  setLabels(labels: Texts): void {
    this.#setTexts("labels", labels);
  }

  #texts(field: string): Texts {
    return textsOf(this.#metadata?.get(field));
  }

  /** Sorted and quoted, whatever the values were before. */
  #setTexts(field: string, texts: Texts): void {
    const metadata = this.#madeMetadata();
    metadata.remove(field);
    if (Object.keys(texts).length > 0) metadata.set(field, Node.texts(texts));
  }

  #madeMetadata(): Node {
    const found = this.#metadata;
    if (found && !found.isNull) return found;
    const made = Node.map();
    if (found) found.become(made);
    else this.node!.entries.push({ key: "metadata", node: made });
    return found ?? made;
  }

  /** A note that is a list. */
  note(name: string): string[] {
    const text = this.annotations[name];
    return text === undefined ? [] : text.split(",");
  }

  addNote(name: string, value: string): void {
    if (value === "") return;
    const metadata = this.#madeMetadata();
    const text = [...this.note(name), value].join(",");
    const annotations = metadata.get("annotations");
    if (annotations?.kind === "map") annotations.set(name, Node.text(text));
    else metadata.set("annotations", Node.texts({ [name]: text }));
  }

  isEnabled(name: string): boolean {
    return this.annotations[name] === "enabled";
  }

  enable(name: string): void {
    this.setAnnotations({ ...this.annotations, [name]: "enabled" });
  }

  storePreviousId(): void {
    const { name, kind, id } = this;
    this.addNote(NOTE.previousNames, name);
    this.addNote(NOTE.previousNamespaces, effectiveNamespace(id));
    this.addNote(NOTE.previousKinds, kind);
  }

  removeNotes(): void {
    const { annotations } = this;
    if (Object.keys(annotations).length === 0) return;
    for (const name of Object.values(NOTE)) delete annotations[name];
    this.setAnnotations(annotations);
  }

  get behavior(): Behavior {
    return (this.annotations[NOTE.behavior] as Behavior | undefined) ?? "unspecified";
  }

  /** Takes over another's name and namespace, and the labels and annotations that it has none of. */
  inheritMetadata(other: Resource): void {
    this.setLabels({ ...other.labels, ...this.labels });
    const own = this.annotations;
    const merged = mergedNotes(other.annotations, own);
    if (own[NOTE.needsHash] === undefined) delete merged[NOTE.needsHash];
    this.setAnnotations(merged);
    this.setName(other.name);
    this.setNamespace(other.namespace);
    this.varNames = [...other.varNames];
  }

  applyMergePatch(patch: Resource): void {
    const { name, namespace, kind } = this;
    const renames = patch.isEnabled(NOTE.allowNameChange);
    const retypes = patch.isEnabled(NOTE.allowKindChange);
    if (renames || retypes) this.storePreviousId();
    this.node = mergeNodes(this.node, patch.node!.copy());
    if (this.isEmpty) return;
    if (!retypes) this.setKind(kind);
    if (!renames) this.setName(name);
    this.setNamespace(namespace);
  }

  matches(labelSelector: string, annotationSelector: string): boolean {
    return selects(labelSelector, this.labels) && selects(annotationSelector, this.annotations);
  }

  copy(): Resource {
    const copy = new Resource(this.node?.copy() ?? Node.map());
    copy.varNames = [...this.varNames];
    return copy;
  }

  json(): Json {
    return toJson(this.node ?? Node.map());
  }

  /** As it is printed. Throws what cannot be, with the object in Go's words. */
  yaml(): string {
    try {
      return yamlText(this.json());
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      const unread = error.message.startsWith("yaml: unmarshal");
      throw new GoError(`${unread ? "map[string]interface {}(nil)" : nodeSyntax(this.node!)}: ${error.message}`);
    }
  }
}

export function textsOf(node: Node | undefined): Texts {
  const texts: Texts = {};
  for (const { key, node: value } of node?.entries ?? []) texts[key] = value.isNull ? "" : value.value;
  return texts;
}

function selects(selector: string, labels: Texts): boolean {
  if (selector === "") return true;
  const parsed = parseLabelSelector(selector);
  if (typeof parsed === "object" && "error" in parsed) throw new GoError(parsed.error);
  return matchesLabels(parsed, labels);
}

/** kustomize's own notes are those of the older object. */
function mergedNotes(older: Texts, newer: Texts): Texts {
  const merged: Texts = { ...older, ...newer };
  for (const name of Object.values(NOTE)) {
    const note = older[name];
    if (note === undefined) delete merged[name];
    else merged[name] = note;
  }
  return merged;
}
