import type { WallTimer } from "../../sim/kernel/index.ts";

/** This machine's clock, which nobody sets back while the process runs, and its timers. */
export const wallTimer: WallTimer = {
  now: () => Math.round((performance.timeOrigin + performance.now()) * 1000),
  set: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
};
