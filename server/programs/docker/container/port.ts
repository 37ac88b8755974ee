import { isRefused } from "../../../sim/docker/index.ts";
import { answered, command, Fatal } from "../command.ts";
import { hostText } from "./ps.ts";

export const port = command({
  name: "port",
  use: "CONTAINER [PRIVATE_PORT[/PROTO]]",
  summary: "List port mappings or a specific mapping for the container",
  arguments: [1, 2],
  flags: {},
  async run({ process, engine, args }) {
    const [name = "", wanted] = args;
    const row = answered(engine.container(name), isRefused);
    if (wanted === undefined) {
      await process.print(row.bound.map((one) => `${one.container} -> ${hostText(one)}\n`).join(""));
      return;
    }
    const full = wanted.includes("/") ? wanted : `${wanted}/tcp`;
    const found = row.bound.filter(({ container }) => container === full);
    if (found.length === 0) throw new Fatal(`no public port '${wanted}' published for ${name}`);
    await process.print(found.map((one) => `${hostText(one)}\n`).join(""));
  },
});
