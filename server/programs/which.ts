import { isAbsolute } from "../sim/host/index.ts";
import type { Program } from "../sim/host/index.ts";

/** debianutils' which: a script of /bin/sh, hence its words. */
export const which: Program = {
  name: "which",
  summary: "locate a command",
  async run(process, args) {
    let all = false;
    let silent = false;
    let at = 0;
    for (; at < args.length && /^-./.test(args[at]!); at++) {
      if (args[at] === "--") {
        at++;
        break;
      }
      for (const letter of args[at]!.slice(1)) {
        if (letter === "a") all = true;
        else if (letter === "s") silent = true;
        else {
          await process.error(`Illegal option -${letter}\n`);
          await process.print("Usage: /usr/bin/which [-as] args\n");
          return 2;
        }
      }
    }
    if (at >= args.length) return 1;
    const { files } = process.host;
    const isProgram = (path: string): boolean =>
      files.access(path, 1, process) && files.stat(path, process).type === "file";
    let status = 0;
    for (const name of args.slice(at)) {
      const candidates = name.includes("/")
        ? [name]
        : (process.env["PATH"] ?? "").split(":").map((directory) => `${directory || "."}/${name}`);
      const found = candidates.filter(isProgram).slice(0, all && !isAbsolute(name) ? undefined : 1);
      if (found.length === 0) status = 1;
      if (!silent) for (const path of found) await process.print(`${path}\n`);
    }
    return status;
  },
};
