/** A process of MetalLB: plain data in table `metallb`, by machine and pid. */
export interface MetalLbRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly role: "controller" | "speaker";
  /** Of a speaker. */
  readonly node: string;
  readonly cluster?: string;
  /** A look at everything is planned. */
  readonly queued?: true;
  /** Of a speaker: the addresses that it answers for, with the Service of each. */
  readonly announced: Readonly<Record<string, string>>;
  /** Of the controller: the certificate of its webhook. */
  readonly chain?: string;
  /** Services that were told that they get no address, with why. */
  readonly failed: Readonly<Record<string, string>>;
}

export function rowKey(row: { readonly machine: string; readonly pid: number }): string {
  return `${row.machine}/${row.pid}`;
}
