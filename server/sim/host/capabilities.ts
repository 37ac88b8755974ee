/** The capabilities of Linux 6.8 without `CAP_`, by their numbers (include/uapi/linux/capability.h). */
export const CAPABILITIES = [
  "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
  "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
  "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
  "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
  "PERFMON", "BPF", "CHECKPOINT_RESTORE",
] as const; // prettier-ignore

export type Capability = (typeof CAPABILITIES)[number];

/** Somebody with an identity on a host: a process. */
interface Bearer {
  readonly uid: number;
  readonly host: { lacks(capability: Capability): boolean };
  readonly row?: { readonly capabilities?: readonly string[] };
}

/**
 * May this process do what the capability is for? Root may what its host was given; nobody else has any, since containers get
 * no ambient capabilities and no file here bears one.
 */
export function capable({ uid, host, row }: Bearer, capability: Capability): boolean {
  const own = row?.capabilities;
  return uid === 0 && !host.lacks(capability) && (!own || own.includes("ALL") || own.includes(capability));
}

/** A set as /proc/PID/status shows it: 16 hexadecimal digits. `undefined` and `ALL` stand for all. */
export function capabilityMask(names: readonly string[] | undefined): string {
  const all = names === undefined || names.includes("ALL");
  let bits = 0n;
  for (const [number, name] of CAPABILITIES.entries()) if (all || names.includes(name)) bits |= 1n << BigInt(number);
  return bits.toString(16).padStart(16, "0");
}
