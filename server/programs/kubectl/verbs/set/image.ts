import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { text } from "../../cobra/flag.ts";
import { aggregate, GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import type { DryRun } from "../../printing/dry-run.ts";
import { causeOf, RECORD } from "../../printing/record.ts";
import type { Info } from "../../resource/info.ts";
import { parsePairs, resourcesAndPairs, type Pairs } from "../label/pairs.ts";
import { containersOf, withPodSpec } from "./pod-spec.ts";
import {
  dryRunOfSet,
  choiceErrors,
  findForSet,
  LOCAL_NEEDS_FILES,
  objectName,
  SET_FLAGS,
  setObjects,
} from "./set-objects.ts";

const FLAGS = {
  ...SET_FLAGS,
  record: RECORD,
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

/** As `set image` of the real one completes them. */
const WITH_POD_TEMPLATES = [
  "daemonsets", "deployments", "pods", "cronjobs", "replicasets", "replicationcontrollers", "statefulsets",
]; // prettier-ignore

interface Options {
  readonly resources: readonly string[];
  readonly images: Pairs;
  readonly dryRun: DryRun;
  readonly infos: readonly Info[];
}

export const image = command({
  use: "set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
  summary: "Update the image of a pod template",
  about: "Update the images of a resource's containers.\n\n A container called * stands for all.",
  examples: "# The image of the container web\nkubectl set image deployment/shop web=nginx:1.28",
  flags: FLAGS,
  arguments: { kind: "resources", types: WITH_POD_TEMPLATES, once: true },
  complete,
  run,
});

async function complete({ flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOfSet(process, flags);
  if (isFailure(dryRun)) return dryRun;
  const { resources, pairs } = resourcesAndPairs(args, "image");
  const images = parsePairs(pairs, "image", false);
  if (isFailure(images)) return images;
  // The objects are fetched before the call is looked at more closely.
  if (flags.local && resources.length > 0) return { error: LOCAL_NEEDS_FILES };
  const infos = await findForSet(factory, resources, flags);
  const errors = choiceErrors(flags, resources, dryRun);
  if (images.set.size === 0) errors.push("at least one image update is required");
  else if (images.set.size > 1 && images.set.has("*"))
    errors.push(
      "all containers are already specified by *, but saw more than one container_name=container_image pairs",
    );
  const all = aggregate(errors.map((error) => new GoError(error)));
  if (all) throw all;
  return { resources, images, dryRun, infos };
}

async function run({ images, dryRun, infos }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, factory } = invocation;
  await setObjects(factory, infos, {
    flags,
    dryRun,
    cause: causeOf(invocation),
    operation: "image updated",
    failure: "failed to patch image update to pod template: ",
    skipUnchanged: true,
    told: (info, error) => `error: ${objectName(info, flags.local)} ${error.message}\n`,
    change: (object, _, errors) => withPodSpec(object, (spec) => withImages(spec, images.set, errors)),
  });
}

function withImages(spec: JsonObject, images: ReadonlyMap<string, string>, errors: GoError[]): JsonObject {
  let result = spec;
  for (const [name, wanted] of images) {
    let found = false;
    for (const list of ["initContainers", "containers"] as const) {
      const containers = containersOf(result, list);
      if (!containers.some((container) => name === "*" || container["name"] === name)) continue;
      found = true;
      result = {
        ...result,
        [list]: containers.map((container) =>
          name === "*" || container["name"] === name ? { ...container, image: wanted } : container,
        ),
      };
    }
    if (!found) errors.push(new GoError(`error: unable to find container named ${JSON.stringify(name)}`));
  }
  return result;
}
