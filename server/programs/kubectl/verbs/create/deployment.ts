import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Failure } from "../../output/index.ts";
import { integer, list } from "../../cobra/flag.ts";
import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";

export const deployment = generator({
  use: "create deployment NAME --image=image -- [COMMAND] [args...]",
  summary: "Create a deployment with the specified name",
  about: "Create a deployment with the specified name.",
  aliases: ["deploy"],
  examples: `# A deployment of one container
kubectl create deployment web --image=nginx

# Three of them, with a port
kubectl create deployment web --image=nginx --replicas=3 --port=80

# With a command
kubectl create deployment tick --image=busybox -- sleep 1d`,
  flags: {
    image: list("The images of the containers."),
    port: integer("The port that the container listens on.", -1, { bits: 32 }),
    replicas: integer("How many pods.", 1, { shorthand: "r", bits: 32 }),
  },
  required: ["image"],
  mapping: { group: "apps", version: "v1", resource: "deployments", kind: "Deployment", namespaced: true },
  failure: "failed to create deployment: ",
  build({ name, words, namespace, flags, invocation }): JsonObject | Failure {
    if (flags.image.length > 1 && words.length > 0)
      return { error: "cannot specify multiple --image options and command" };
    const labels = { app: name };
    const suffix = (): string => invocation.process.kernel.random.text("kubectl", 5, ALPHABET);
    const containers = flags.image.map((image, at) => ({
      name: containerName(image, suffix),
      image,
      ...(words.length > 0 ? { command: [...words] } : {}),
      ...(flags.port >= 0 && at === 0 ? { ports: [{ containerPort: flags.port }] } : {}),
      resources: {},
    }));
    return {
      kind: "Deployment",
      apiVersion: "apps/v1",
      metadata: objectMeta(name, { namespace, labels }),
      spec: {
        replicas: flags.replicas,
        selector: { matchLabels: labels },
        template: { metadata: objectMeta(undefined, { labels }), spec: { containers } },
        strategy: {},
      },
      status: {},
    };
  },
});

/** The last part of an image's name without tag or digest; made unique where it has characters that a name must not have. */
function containerName(image: string, suffix: () => string): string {
  const name = image.split("/").at(-1)!.split(":")[0]!.split("@")[0]!;
  return /[_.]/.test(name) ? `${name.replace(/[_.]/g, "-")}-${suffix()}` : name;
}

/** apimachinery pkg/util/rand */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
