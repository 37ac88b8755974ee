import { GoError } from "../../errors/go-error.ts";
import { editFields, type FieldSpec } from "../field-spec.ts";
import { goRegexp } from "../resmap.ts";
import type { Resource } from "../resource.ts";
import { Node } from "../yaml/node.ts";

export interface ImageChange {
  readonly name: string;
  readonly newName: string;
  readonly tagSuffix: string;
  readonly newTag: string;
  readonly digest: string;
}

/** Changes names, tags and digests of images (ImageTagTransformer, api/filters/imagetag). */
export function changeImages(resources: readonly Resource[], change: ImageChange, specs: readonly FieldSpec[]): void {
  const matches = matcher(change.name);
  const set = (node: Node): void => {
    if (node.isNull) return;
    if (node.kind !== "scalar") throw new GoError(`wrong node kind: expected ScalarNode but got ${node.kind === "map" ? "MappingNode" : "SequenceNode"}`); // prettier-ignore
    if (matches(node.value)) node.take(Node.scalar(changed(node.value, change)));
  };
  for (const resource of resources) {
    if (resource.node && resource.kind !== "CustomResourceDefinition") inContainers(resource.node, set);
  }
  for (const resource of resources) editFields(resource, specs, { set });
}

/** The name goes into a pattern as it is. */
function matcher(name: string): (image: string) => boolean {
  if (/^[\w/-]*$/.test(name)) {
    const pattern = new RegExp(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
    return (image) => pattern.test(image);
  }
  const pattern = goRegexp(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
  return (image) => pattern.matcher(image).find();
}

/** Lists of containers at any depth (LegacyFilter). */
function inContainers(node: Node, set: (node: Node) => void): void {
  for (const { key, node: value } of node.entries) {
    if (key === "containers" || key === "initContainers") {
      for (const container of value.kind === "list" ? value.items : []) {
        const image = container.get("image");
        if (image) set(image);
      }
    } else inContainers(value, set);
  }
  for (const item of node.items) inContainers(item, set);
}

function changed(image: string, { newName, newTag, tagSuffix, digest }: ImageChange): string {
  const old = splitImage(image);
  const name = newName || old.name;
  const tag = newTag !== "" ? newTag : digest !== "" ? "" : old.tag + tagSuffix;
  const newDigest = newTag !== "" || digest !== "" ? digest : tagSuffix !== "" ? "" : old.digest;
  return `${name}${tag && `:${tag}`}${newDigest && `@${newDigest}`}`;
}

/** api/image/image.go Split. */
function splitImage(image: string): { name: string; tag: string; digest: string } {
  const at = image.indexOf("@");
  const digest = at < 0 ? "" : image.slice(at + 1);
  const rest = at < 0 ? image : image.slice(0, at);
  const colon = rest.indexOf(":", rest.indexOf("/") + 1);
  return colon < 0
    ? { name: rest, tag: "", digest }
    : { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest };
}
