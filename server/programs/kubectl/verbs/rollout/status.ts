import { HOUR, type Duration } from "../../../../sim/kernel/index.ts";
import { untilWithSync } from "../../client/until.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, duration, integer, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { exitOnInterrupt } from "../../interrupt.ts";
import type { Failure } from "../../output/index.ts";
import { rolloutStatus } from "../../polymorphic/rollout-status.ts";
import { resourcesAskedFor } from "../../resource/asked-for.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import { nameOf, type Info } from "../../resource/info.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  revision: integer("The revision whose rollout is meant; 0 is the newest.", 0),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  timeout: duration("How long to wait; 0 waits for ever.", 0),
  watch: bool("Go on until the rollout is done.", { shorthand: "w", initial: true }),
} as const;

/** A wait without a time limit. */
const FOR_EVER: Duration = 10 * 365 * 24 * HOUR;

export const status = command({
  use: "rollout status (TYPE NAME | TYPE/NAME) [flags]",
  summary: "Show the status of the rollout",
  about:
    "Show the status of the rollout.\n\n It goes on until the newest rollout is done; with --watch=false it tells how far that is.",
  examples: "# A deployment's\nkubectl rollout status deployment/web",
  flags: FLAGS,
  arguments: { kind: "resources", types: ["deployment", "daemonset", "statefulset"], once: true },
  complete: () => ({}),
  validate,
  run,
});

function validate(_: unknown, { flags, args }: Invocation<typeof FLAGS>): Failure | undefined {
  if (args.length === 0 && noFiles(filenameOptions(flags))) return { error: "required resource not specified" };
  if (flags.revision < 0) return { error: `revision must be a positive integer: ${flags.revision}` };
  return undefined;
}

async function run(_: unknown, { flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { name: namespace } = factory.config.namespace();
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { allowEmptySelector: true, continueOnError: true, latest: true },
  );
  exitOnInterrupt(process);
  let count = 0;
  await result.visit(async (info) => {
    count++;
    await follow(factory, info, flags);
  });
  if (count === 0) await process.error(`No resources found in ${namespace} namespace.\n`);
}

async function follow(factory: Factory, info: Info, flags: Invocation<typeof FLAGS>["flags"]): Promise<void> {
  const { process } = factory;
  const { mapping, namespace, name } = info;
  const kind = info.object!["kind"] as string;
  const read = rolloutStatus(kind);
  if (!read)
    throw new GoError(`no status viewer has been implemented for ${mapping.kind}.${mapping.group}`.replace(/\.$/, ""));
  const found = await untilWithSync<GoError | "done">(
    process,
    await factory.helper(),
    {
      place: { mapping, namespace },
      fieldSelector: `metadata.name=${name}`,
      deadline: process.kernel.now + (flags.timeout === 0 ? FOR_EVER : flags.timeout),
    },
    async ({ type, object }) => {
      if (type === "DELETED") return new GoError("object has been deleted");
      const { text, done, error } = read(object, flags.revision);
      if (error !== undefined) return new GoError(error);
      await process.print(text);
      return done || !flags.watch ? "done" : undefined;
    },
    (objects) =>
      objects.some((object) => nameOf(object) === name) ? undefined : new GoError("object has been deleted"),
  );
  if (found === "deadline") throw new GoError("timed out waiting for the condition");
  if (found.value instanceof GoError) throw found.value;
}
