import { removeContainer } from "../../../sim/docker/index.ts";
import { bool, texts } from "../../kubectl/cobra/flag.ts";
import { command } from "../command.ts";

export const prune = command({
  name: "prune",
  use: "[OPTIONS]",
  summary: "Remove all stopped containers",
  arguments: [0, 0],
  flags: {
    force: bool("Do not prompt for confirmation", { shorthand: "f" }),
    filter: texts("(not simulated) filters"),
  },
  async run({ process, engine, flags }) {
    if (!flags.force) {
      await process.print(
        "WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] ",
      );
      if (!/^y/i.test(await process.read(0, 4096))) return;
    }
    const gone = [...engine.containers.values()].filter(({ id }) => !engine.isRunning(id)).map(({ id }) => id);
    for (const id of gone) removeContainer(engine, id);
    if (gone.length > 0) await process.print(`Deleted Containers:\n${gone.map((id) => `${id}\n`).join("")}\n`);
    await process.print("Total reclaimed space: 0B\n");
  },
});
