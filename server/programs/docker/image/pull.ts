import type { Engine } from "../../../sim/docker/index.ts";
import { isInvalid, parseReference, referenceText, type Image } from "../../../sim/images/index.ts";
import { addImage, findImage } from "../../../sim/kube/kubelet/index.ts";
import { MILLISECOND } from "../../../sim/kernel/index.ts";
import type { Process } from "../../../sim/host/index.ts";

/** Bytes per microsecond. */
const SPEED = 100;

/** Pulls an image with the client's words (distribution/pull_v2.go). Nobody is told if there is no `say`. `refuse` tells what the daemon says if it cannot. */
export async function pullInto(
  process: Process,
  engine: Engine,
  text: string,
  say: ((line: string) => void | Promise<void>) | undefined,
  refuse: (why: string) => never,
): Promise<Image> {
  const { runtime } = engine;
  const print = async (line: string): Promise<void> => say?.(line);
  const reference = parseReference(text);
  if (isInvalid(reference)) return refuse(reference.invalid);
  const { domain, path, tag, digest } = reference;
  const short = domain === "docker.io" ? path.replace(/^library\//, "") : `${domain}/${path}`;
  await process.sleep(400 * MILLISECOND);
  const found = runtime.source.find(reference);
  if ("error" in found) return refuse(refusal(found.error, short, tag ?? "latest"));
  const known = runtime.images.has(found.id);
  await print(`${tag ?? digest ?? "latest"}: Pulling from ${path}\n`);
  const layers = layersOf(found);
  for (const layer of known ? [] : layers) {
    await process.sleep(Math.round(found.size / layers.length / SPEED));
    await print(`${layer}: Pull complete\n`);
  }
  const before = findImage(runtime, text);
  addImage(runtime, referenceText(reference), found);
  await print(`Digest: ${found.digest}\n`);
  const name = `${short}:${tag ?? "latest"}`;
  await print(
    `Status: ${before?.id === found.id ? "Image is up to date for" : "Downloaded newer image for"} ${name}\n`,
  );
  return found;
}

/** The short ids that the layers are shown by: as many as a picture of its size has, taken from its digest. */
function layersOf({ digest, size }: Image): string[] {
  const hex = digest.replace("sha256:", "");
  const count = Math.min(5, 1 + Math.floor(size / 20_000_000));
  return Array.from({ length: count }, (_, at) => hex.slice(at * 12, at * 12 + 12));
}

/** What the daemon says where containerd says it otherwise. */
function refusal(error: string, name: string, tag: string): string {
  if (/pull access denied|insufficient_scope/.test(error))
    return `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
  if (error.endsWith(": not found")) return `manifest for ${name}:${tag} not found: manifest unknown: manifest unknown`;
  if (/no such host/.test(error))
    return `Get "https://${name.split("/")[0]!}/v2/": dial tcp: lookup ${name.split("/")[0]!.replace(/:\d+$/, "")}: no such host`;
  return error.replace(/^failed to pull and unpack image .*?: failed to resolve reference .*?: /, "");
}
