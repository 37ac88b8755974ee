import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, toYaml, type Json } from "../../output/index.ts";
import { lastAppliedOf } from "../../patch/last-applied.ts";
import { resourcesAskedFor } from "../../resource/asked-for.ts";
import { FILENAME_FLAGS } from "../../resource/filename-flags.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  all: bool("Choose everything of the given types in the namespace."),
  output: text("How to print: yaml or json.", { shorthand: "o", initial: "yaml" }),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

/** kubectl pkg/cmd/apply/apply_view_last_applied.go */
export const viewLastApplied = command({
  use: "apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
  summary: "View the latest last-applied-configuration annotations of a resource/object",
  about: "View what was applied last, as the annotation of a resource keeps it.",
  examples: "# Of a deployment\nkubectl apply view-last-applied deployment/web",
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete: () => ({}),
  run,
});

async function run(_: unknown, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, args, factory, process } = invocation;
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { selectAll: flags.all, latest: true, continueOnError: true },
  );
  const texts: string[] = [];
  await result.visit((info) => {
    const kept = lastAppliedOf(info.object!);
    // Of this error kubectl keeps nothing, unless a file names the object.
    if (kept !== undefined) texts.push(kept);
    else if (info.source)
      throw new GoError(
        `error when no last-applied-configuration annotation found on resource: ${info.name}\n ${JSON.stringify(info.source)}: <nil>`,
      );
    return Promise.resolve();
  });
  if (!["yaml", "json", ""].includes(flags.output))
    throw new GoError(
      usageError(invocation, `Unexpected -o output mode: ${flags.output}, the flag 'output' must be one of yaml|json`)
        .error,
    );
  for (const kept of texts) {
    const value = JSON.parse(kept) as Json;
    const printed = flags.output === "json" ? `${JSON.stringify(value, null, 2)}\n` : toYaml(value);
    if (isFailure(printed)) throw new GoError(printed.error);
    await process.print(printed);
  }
}
