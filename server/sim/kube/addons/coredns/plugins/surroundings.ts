import { SECOND, type Duration } from "../../../../kernel/index.ts";
import type { Plugin } from "../plugin.ts";
import { readDuration } from "./duration.ts";

/** root: the folder that relative paths of other plugins begin at (plugin/root). Its configuration is that folder. */
export const root: Plugin<string> = {
  name: "root",
  setup(c) {
    let path = "";
    while (c.next()) {
      if (!c.nextArg()) throw c.argumentError();
      path = c.value;
    }
    if (!c.host.files.exists(path)) c.log("WARNING", `plugin/root: Root path does not exist: ${path}`);
    return path;
  },
};

/** debug: a crash would end the process instead of one query; nothing here crashes (plugin/debug). */
export const debug: Plugin<Record<string, never>> = {
  name: "debug",
  setup(c) {
    while (c.next()) if (c.nextArg()) throw c.argumentError();
    return {};
  },
};

/**
 * cancel: tells plugins behind it to give up after a time. None of those that are simulated listens to that upstream, so that
 * nothing is left to do (plugin/cancel).
 */
export const cancel: Plugin<Duration> = {
  name: "cancel",
  setup(c) {
    let timeout = 5.001 * SECOND;
    while (c.next()) {
      const [span, more] = c.remainingArgs();
      if (more !== undefined) throw c.argumentError();
      if (span === undefined) continue;
      timeout = readDuration(span);
      if (timeout <= 0) throw new Error(`invalid timeout: ${JSON.stringify(span)}`);
    }
    return timeout;
  },
};
