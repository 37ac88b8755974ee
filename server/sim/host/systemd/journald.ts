import type { Daemon } from "../process/program.ts";

/** systemd-journald: what it would do is done by `SystemJournal`, whether it runs or not; it stands in ps and systemctl. */
export const systemdJournald: Daemon = {
  name: "systemd-journald",
  summary: "the journal service",
  start() {},
};
