import { expect, test } from "vitest";
import { isInvalid, isPullError, parseReference, pullImage } from "../../../images/index.ts";
import { PUBLISHED_MANIFESTS, readManifest } from "../../../kube/addons/manifests/index.ts";
import { KUBERNETES_EXAMPLES } from "./examples/index.ts";

const TEXTS = [...[...PUBLISHED_MANIFESTS].map(([url, text]) => [url, text()] as const), ...KUBERNETES_EXAMPLES];

/** Not in the world's registries: what the manifests themselves are about is not simulated either. */
const WITHOUT_IMAGE = new Set(["radial/busyboxplus:curl"]);

test.each(TEXTS)("%s reads, and registries have the images in it", (_, text) => {
  const { objects } = readManifest(text);
  expect(objects.length).toBeGreaterThan(0);
  for (const { kind, apiVersion, metadata } of objects)
    expect([typeof kind, typeof apiVersion, kind === "List" ? "string" : typeof metadata.name]).toEqual([
      "string",
      "string",
      "string",
    ]);
  const images = [...text.matchAll(/^ *(?:- )?image: ["']?([^\s"']+)/gm)].map(([, image]) => image!);
  const missing = images.filter((image) => {
    const reference = parseReference(image);
    return isInvalid(reference) || isPullError(pullImage(reference));
  });
  expect(missing.filter((image) => !WITHOUT_IMAGE.has(image))).toEqual([]);
});
