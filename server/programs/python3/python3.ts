import type { Program } from "../../sim/host/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { httpServer } from "./http-server.ts";

/** The interpreter itself is not simulated; `python3 -m http.server` and the version are. */
export const python3: Program = {
  name: "python3",
  summary: "an interpreted, interactive, object-oriented programming language",
  async run(process, args) {
    const version = versionOf(process, "python3") || "3.12.3";
    const [first, second, ...rest] = args;
    if (first === "-V" || first === "--version") {
      await process.print(`Python ${version}\n`);
      return 0;
    }
    const module = first === "-m" ? second : /^-m(.+)$/.exec(first ?? "")?.[1];
    if (module === "http.server") return httpServer(process, first === "-m" ? rest : args.slice(1), version);
    if (first === "-m" && module === undefined) {
      await process.error(
        "Argument expected for the -m option\nusage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n",
      );
      return 2;
    }
    const what = module === undefined ? (first ?? "the interactive mode") : `-m ${module}`;
    await process.error(`drydock: python3: '${what}' is not simulated\n`);
    return 64;
  },
};
