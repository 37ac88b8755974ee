import { changesOf, isRefused } from "../../../sim/docker/index.ts";
import { answered, command } from "../command.ts";

export const diff = command({
  name: "diff",
  use: "CONTAINER",
  summary: "Inspect changes to files or directories on a container's filesystem",
  arguments: [1, 1],
  flags: {},
  async run({ process, engine, args }) {
    const row = answered(engine.container(args[0]!), isRefused);
    await process.print(
      changesOf(engine, row)
        .map(({ kind, path }) => `${kind} ${path}\n`)
        .join(""),
    );
  },
});
