import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";

export const job = generator({
  use: "create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
  summary: "Create a job with the specified name",
  about: "Create a job with the specified name.",
  examples: `# A job
kubectl create job hello --image=busybox -- echo hello

# One of a cron job, now
kubectl create job now --from=cronjob/tick`,
  flags: { from: text("The resource to make a job of: cronjob/NAME."), image: text("The image of the container.") },
  mapping: { group: "batch", version: "v1", resource: "jobs", kind: "Job", namespaced: true },
  failure: "failed to create job: ",
  async build({ name, words, namespace, flags, invocation }): Promise<JsonObject | Failure> {
    if ((flags.image === "") === (flags.from === "")) return { error: "either --image or --from must be specified" };
    if (words.length > 0 && flags.from !== "") return { error: "cannot specify --from and command" };
    const head = { kind: "Job", apiVersion: "batch/v1" };
    if (flags.from === "")
      return {
        ...head,
        metadata: objectMeta(name, { namespace }),
        spec: {
          template: {
            metadata: objectMeta(undefined),
            spec: {
              containers: [
                { name, image: flags.image, ...(words.length > 0 ? { command: [...words] } : {}), resources: {} },
              ],
              restartPolicy: "Never",
            },
          },
        },
        status: {},
      };
    const { factory } = invocation;
    const { name: within, explicit } = factory.config.namespace();
    const result = await findResources(factory, {
      selection: await typesAndNames([flags.from], () => factory.mapper()),
      namespace: within,
      enforceNamespace: explicit,
      flatten: true,
    });
    const [source, more] = await result.all();
    if (!source?.object || more) throw new GoError("from must be an existing cronjob");
    if (source.object["kind"] !== "CronJob") throw new GoError(`unknown object type ${goType(source.object)}`);
    return { ...head, ...fromCronJob(name, namespace, source.object) };
  },
});

/** The type of client-go that an object is read into: `*v1.Job`. */
function goType({ apiVersion, kind }: JsonObject): string {
  const version = (apiVersion as string).split("/").at(-1)!;
  return `*${version}.${kind as string}`;
}

function fromCronJob(name: string, namespace: string | undefined, cronJob: JsonObject): JsonObject {
  const { name: owner, uid } = cronJob["metadata"] as { name: string; uid: string };
  const template = (cronJob["spec"] as { jobTemplate: { metadata?: JsonObject; spec: JsonObject } }).jobTemplate;
  const { labels, annotations } = (template.metadata ?? {}) as { labels?: JsonObject; annotations?: JsonObject };
  return {
    metadata: {
      ...objectMeta(name, {
        namespace,
        labels,
        annotations: { "cronjob.kubernetes.io/instantiate": "manual", ...annotations },
      }),
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: owner, uid, controller: true }],
    },
    spec: template.spec,
    status: {},
  };
}

export const cronJob = generator({
  use: "create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  summary: "Create a cron job with the specified name",
  about: "Create a cron job with the specified name.",
  aliases: ["cj"],
  examples: '# Every minute\nkubectl create cronjob tick --image=busybox --schedule="*/1 * * * *" -- date',
  flags: {
    image: text("The image of the container."),
    restart: text("The restart policy of the pods: OnFailure or Never."),
    schedule: text("When to run, as cron writes it."),
  },
  required: ["image", "schedule"],
  mapping: { group: "batch", version: "v1", resource: "cronjobs", kind: "CronJob", namespaced: true },
  failure: "failed to create cronjob: ",
  build({ name, words, namespace, flags }): JsonObject {
    const restartPolicy = flags.restart === "" ? "OnFailure" : flags.restart;
    return {
      kind: "CronJob",
      apiVersion: "batch/v1",
      metadata: objectMeta(name, { namespace }),
      spec: {
        schedule: flags.schedule,
        jobTemplate: {
          metadata: objectMeta(name),
          spec: {
            template: {
              metadata: objectMeta(undefined),
              spec: {
                containers: [
                  { name, image: flags.image, ...(words.length > 0 ? { command: [...words] } : {}), resources: {} },
                ],
                restartPolicy,
              },
            },
          },
        },
      },
      status: {},
    };
  },
});
