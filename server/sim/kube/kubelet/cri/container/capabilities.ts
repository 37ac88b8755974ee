import type { ContainerConfig } from "../api.ts";

/** What containerd gives a container that asks for nothing (containerd oci/spec.go defaultUnixCaps). */
const DEFAULT = [
  "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
  "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
] as const; // prettier-ignore

/** The capabilities of a container's root, without `CAP_`; `ALL` for all of them. What is added counts after what is dropped. */
export function capabilitiesOf({ privileged, capabilities: { add, drop } }: ContainerConfig): string[] {
  if (privileged) return ["ALL"];
  const plain = (names: readonly string[]): string[] => names.map((name) => name.toUpperCase().replace(/^CAP_/, ""));
  const dropped = new Set(plain(drop));
  const kept = dropped.has("ALL") ? [] : DEFAULT.filter((name) => !dropped.has(name));
  return [...new Set([...kept, ...plain(add)])];
}
