/** What tells one machine from the others of its profile. */
export interface MachineIdentity {
  readonly hostname: string;
  /** 32 hexadecimal digits. */
  readonly machineId: string;
  /** Gives the host keys. */
  readonly seed: number;
  /** Machines that /etc/hosts knows by name, in order. */
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
  /** The DNS servers that the network hands out. */
  readonly nameservers: readonly string[];
  readonly searchDomains?: readonly string[];
}
