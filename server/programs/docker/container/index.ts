import type { Command } from "../command.ts";
import { attach } from "./attach.ts";
import { cp } from "./cp.ts";
import { diff } from "./diff.ts";
import { exec } from "./exec.ts";
import { kill, rename, restart, rm, start, stop, wait } from "./lifecycle.ts";
import { logs } from "./logs.ts";
import { port } from "./port.ts";
import { ps } from "./ps.ts";
import { create, run } from "./run.ts";
import { top } from "./top.ts";

export const containerCommands: readonly Command[] = [
  attach,
  cp,
  create,
  diff,
  exec,
  kill,
  logs,
  port,
  ps,
  rename,
  restart,
  rm,
  run,
  start,
  stop,
  top,
  wait,
];
