import type { TerminalRow } from "./terminals.ts";

/** Where a terminal's shell is. */
export interface Place {
  readonly host: string;
  readonly user: string;
}

/** Of an exam's parts: how their hosts are called on the base, and what those call themselves. */
export type ExamHosts = readonly { readonly part: number; readonly host: string; readonly ssh?: string | undefined }[];

/** A task's host that a terminal is on or behind: hosts of several tasks call themselves alike. */
export interface TaskHost {
  /** As the base calls it. */
  readonly ssh: string;
  /** The other host of the task that it is on. */
  readonly further: string | undefined;
}

/** Undefined: it is on no task's host. */
export function taskHost(row: TerminalRow, { host }: Place, hosts: ExamHosts): TaskHost | undefined {
  const part = hosts.find((each) => each.part === row.leadsTo);
  if (part?.ssh === undefined) return undefined;
  return { ssh: part.ssh, further: host === part.host || host === row.host ? undefined : host };
}

/** What its tab is called. */
export function tabName(row: TerminalRow, place: Place, hosts: ExamHosts): string {
  const there = taskHost(row, place, hosts);
  if (there === undefined) return place.host;
  return there.further === undefined ? there.ssh : `${there.ssh} ${there.further}`;
}
