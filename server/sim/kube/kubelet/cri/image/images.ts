import { isInvalid, parseReference, referenceText, type Image } from "../../../../images/index.ts";
import { imageUser } from "../../../../images/index.ts";
import { rpcError, type Done, type ImageStatus } from "../api.ts";
import { pullTime } from "../pace.ts";
import type { ImageRow, OperationRow } from "../rows.ts";
import type { Containerd } from "../runtime.ts";

/** An image on the machine, by what a Pod calls it or by its id; undefined if it is not there. */
export function findImage(runtime: Containerd, text: string): ImageRow | undefined {
  const byId = runtime.images.get(text);
  if (byId) return byId;
  const reference = parseReference(text);
  if (isInvalid(reference)) return undefined;
  const full = referenceText(reference);
  for (const row of runtime.images.values())
    if (row.repoTags.includes(full) || row.repoDigests.includes(full)) return row;
  return undefined;
}

export function imageOf(runtime: Containerd, row: ImageRow): Image {
  const image = runtime.source.byName(row.name);
  if (!image) throw new Error(`no image ${row.name}`);
  return image;
}

export function imageStatus(runtime: Containerd, text: string): ImageStatus | undefined {
  const row = findImage(runtime, text);
  if (!row) return undefined;
  const { id, repoTags, repoDigests, size } = row;
  return { id, repoTags, repoDigests, size, user: imageUser(imageOf(runtime, row).config) };
}

/** PullImage: answers with the image's id. */
export function pullImage(runtime: Containerd, reference: string, done: Done): void {
  if (runtime.refuses(done)) return;
  const op = runtime.begin("pull", { reference }, done);
  const found = resolveImage(runtime, reference);
  // Layers that are there already are not fetched again.
  const missing = "image" in found && !runtime.images.has(found.image.id);
  runtime.later(op, pullTime(missing ? found.image.size : 0));
}

export function stepPull(runtime: Containerd, op: Extract<OperationRow, { kind: "pull" }>): void {
  const found = resolveImage(runtime, op.data.reference);
  if ("error" in found) return runtime.finish(op, { error: found.error });
  runtime.finish(op, { ok: { image: addImage(runtime, found.reference, found.image).id } });
}

/** What a registry says to a reference. */
export function resolveImage(
  runtime: Containerd,
  text: string,
): { readonly image: Image; readonly reference: string } | { readonly error: string } {
  const reference = parseReference(text);
  if (isInvalid(reference))
    return rpcError(`failed to parse image reference ${JSON.stringify(text)}: ${reference.invalid}`);
  const found = runtime.source.find(reference);
  if ("error" in found) return rpcError(found.error, found.code);
  return { image: found, reference: referenceText(reference) };
}

/** Notes that an image is on the machine under a reference. */
export function addImage(runtime: Containerd, reference: string, image: Image): ImageRow {
  const known = runtime.images.get(image.id);
  const digest = `${image.repository}@${image.digest}`;
  const tagged = !reference.includes("@");
  const repoTags = known?.repoTags ?? [];
  // A tag that has moved on leaves the image that had it.
  for (const row of runtime.images.values())
    if (row.id !== image.id && row.repoTags.includes(reference))
      runtime.images.set(row.id, { ...row, repoTags: row.repoTags.filter((tag) => tag !== reference) });
  const row: ImageRow = {
    id: image.id,
    name: image.name,
    repoTags: tagged && !repoTags.includes(reference) ? [...repoTags, reference] : repoTags,
    repoDigests: known?.repoDigests.includes(digest) ? known.repoDigests : [...(known?.repoDigests ?? []), digest],
    size: image.size,
  };
  runtime.images.set(image.id, row);
  return row;
}

/** RemoveImage: all names of the image go with it; containers that run from it run on. */
export function removeImage(runtime: Containerd, text: string): void {
  const row = findImage(runtime, text);
  if (row) runtime.images.delete(row.id);
}

/** Puts images on a machine as if they had been pulled before; references that no registry has are left out. */
export function preloadImages(runtime: Containerd, references: readonly string[]): void {
  for (const text of references) {
    const found = resolveImage(runtime, text);
    if ("image" in found) addImage(runtime, found.reference, found.image);
  }
}
