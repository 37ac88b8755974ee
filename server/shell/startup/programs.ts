import type { Program } from "../../sim/host/index.ts";
import { ashDialect, bashDialect, dashDialect } from "./dialects.ts";
import { runShell } from "./main.ts";

export const bash: Program = {
  name: "bash",
  summary: "GNU Bourne-Again SHell",
  run: (process, args) => runShell(process, args, bashDialect),
};

export const dash: Program = {
  name: "dash",
  summary: "command interpreter (shell)",
  run: (process, args) => runShell(process, args, dashDialect),
};

export const ash: Program = {
  name: "ash",
  summary: "busybox shell",
  run: (process, args) => runShell(process, args, ashDialect),
};
