import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { aggregate, GoError } from "../../errors/go-error.ts";
import { TABLE, TabWriter, type Failure } from "../../output/index.ts";

const FLAGS = {
  "no-headers": bool("Print no headers."),
  output: text("How to print: name.", { shorthand: "o" }),
} as const;

/** kubectl pkg/cmd/config/get_contexts.go */
export const getContexts = command({
  use: "config get-contexts [(-o|--output=)name)]",
  summary: "Describe one or many contexts",
  about: "Display one or many contexts of the kubeconfig.",
  examples: "# All\nkubectl config get-contexts",
  flags: FLAGS,
  complete: (invocation): object | Failure =>
    ["", "name"].includes(invocation.flags.output)
      ? {}
      : {
          error: `--output ${invocation.flags.output} is not available in kubectl config get-contexts; resetting to default output format`,
        },
  run,
});

async function run(_: unknown, { flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { contexts, currentContext } = factory.config.starting;
  const errors: GoError[] = [];
  const names =
    args.length === 0
      ? [...contexts.keys()]
      : args.filter((name) => contexts.has(name) || void errors.push(new GoError(`context ${name} not found`)));
  const writer = new TabWriter(TABLE);
  if (flags.output === "" && !flags["no-headers"]) writer.write("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
  for (const name of names.toSorted()) {
    const { cluster = "", user = "", namespace = "" } = contexts.get(name)!.value as Record<string, string>;
    if (flags.output === "name") writer.write(`${name}\n`);
    else writer.write(`${name === currentContext ? "*" : ""}\t${name}\t${cluster}\t${user}\t${namespace}\n`);
  }
  await process.print(writer.take());
  const all = aggregate(errors);
  if (all) throw all;
}
