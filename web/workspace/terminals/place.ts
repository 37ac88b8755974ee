import type { TerminalRow } from "./terminals.ts";

/** Where a terminal's shell is. */
export interface Place {
  readonly host: string;
  readonly user: string;
}

/** Of an exam's parts: how their hosts are called on the base, and what those call themselves. */
export type ExamHosts = readonly { readonly part: number; readonly host: string; readonly ssh?: string | undefined }[];

/**
 * What the base calls the task's host that a terminal is on or behind, and which other host of that task it is on;
 * undefined: it is on none. Hosts of several tasks call themselves alike, so their own name says too little.
 */
export function taskHost(
  row: TerminalRow,
  { host }: Place,
  hosts: ExamHosts,
): { readonly ssh: string; readonly further: string | undefined } | undefined {
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
