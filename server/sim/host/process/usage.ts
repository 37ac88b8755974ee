import type { Machine } from "../machine.ts";
import type { ProcessRow } from "./process-row.ts";
import { SECOND, type Time } from "../../kernel/index.ts";

/**
 * What processes use. Nothing of the simulation uses memory or processors as the real programs do, so ps, top and free take
 * it from this model: a program's usual size and appetite, moved a little by its pid, and the time that it has been running.
 * It is a function of the process' row and the clock, so the same world gives the same numbers.
 */
export interface Usage {
  /** KiB. */
  readonly virtual: number;
  readonly resident: number;
  readonly shared: number;
  readonly threads: number;
  /** Microseconds of processor time since it started. */
  readonly time: number;
}

interface Appetite {
  /** MiB. */
  readonly resident: number;
  readonly virtual: number;
  readonly threads?: number;
  /** Seconds that starting takes, and the share of a processor from then on. */
  readonly start?: number;
  readonly share?: number;
}

/** By comm (15 characters). Sizes of the control plane as measured on a kubeadm v1.33 cluster (facts/node.md 3). */
const PROGRAMS: Readonly<Record<string, Appetite>> = {
  systemd: { resident: 12.6, virtual: 22, start: 2.1, share: 0.0004 },
  "systemd-journal": { resident: 15.8, virtual: 49, start: 0.2, share: 0.0003 },
  "systemd-udevd": { resident: 7.8, virtual: 29, start: 0.3 },
  "systemd-resolve": { resident: 12.4, virtual: 21, start: 0.1, share: 0.0002 },
  "systemd-network": { resident: 9.4, virtual: 18.5, start: 0.1 },
  "systemd-timesyn": { resident: 7.6, virtual: 89, threads: 2, start: 0.1 },
  "systemd-logind": { resident: 8.4, virtual: 17.6, start: 0.1 },
  "dbus-daemon": { resident: 5.1, virtual: 9.4, start: 0.1 },
  rsyslogd: { resident: 5.9, virtual: 217, threads: 4, start: 0.1 },
  cron: { resident: 2.8, virtual: 6.7 },
  sshd: { resident: 8.1, virtual: 12 },
  agetty: { resident: 1.9, virtual: 6 },
  bash: { resident: 5.2, virtual: 8.6, start: 0.02 },
  containerd: { resident: 58, virtual: 1_860, threads: 12, start: 1.4, share: 0.006 },
  "containerd-shim": { resident: 12.9, virtual: 1_206, threads: 11, start: 0.1, share: 0.0008 },
  kubelet: { resident: 90, virtual: 1_890, threads: 14, start: 2.2, share: 0.014 },
  "kube-apiserver": { resident: 265, virtual: 1_480, threads: 9, start: 5.5, share: 0.031 },
  "kube-controller": { resident: 90, virtual: 1_320, threads: 7, start: 1.9, share: 0.012 },
  "kube-scheduler": { resident: 39, virtual: 1_266, threads: 9, start: 1.1, share: 0.004 },
  etcd: { resident: 59, virtual: 11_244, threads: 10, start: 0.9, share: 0.017 },
  "kube-proxy": { resident: 58, virtual: 1_267, threads: 7, start: 0.7, share: 0.0006 },
  coredns: { resident: 51, virtual: 1_230, threads: 9, start: 0.4, share: 0.0014 },
  flanneld: { resident: 29, virtual: 1_233, threads: 9, start: 0.3, share: 0.0008 },
  "calico-node": { resident: 61, virtual: 1_770, threads: 11, start: 0.8, share: 0.009 },
  weaver: { resident: 70, virtual: 1_300, threads: 14, start: 0.6, share: 0.003 },
  "metrics-server": { resident: 47, virtual: 1_290, threads: 10, start: 0.8, share: 0.005 },
  "nginx-ingress-c": { resident: 44, virtual: 726, threads: 12, start: 0.8, share: 0.002 },
  nginx: { resident: 4.6, virtual: 11.2, start: 0.02 },
  httpd: { resident: 5.4, virtual: 6.4, start: 0.03, share: 0.0001 },
  "redis-server": { resident: 7.8, virtual: 55, threads: 6, start: 0.05, share: 0.0015 },
  pause: { resident: 0.6, virtual: 1.0, start: 0.01 },
  busybox: { resident: 1.3, virtual: 4.3 },
  sleep: { resident: 1.6, virtual: 5.5 },
};

const SMALL: Appetite = { resident: 3.8, virtual: 8.2 };

export function usageOf(
  row: Pick<ProcessRow, "pid" | "comm" | "startedAt" | "state" | "allocated" | "busy">,
  now: Time,
): Usage {
  if (row.state === "zombie") return { virtual: 0, resident: 0, shared: 0, threads: 1, time: 0 };
  const { resident, virtual, threads = 1, start = 0.003, share = 0 } = PROGRAMS[row.comm] ?? SMALL;
  const moved = 0.96 + (hash(`${row.comm}/${row.pid}`) % 1000) / 12_500;
  const age = Math.max(0, now - row.startedAt);
  const spent = Math.min(age, start * SECOND) + age * share + age * (row.busy ?? 0);
  const kib = Math.round(resident * 1024 * moved);
  const taken = Math.ceil((row.allocated ?? 0) / 1024);
  return {
    virtual: Math.round(virtual * 1024 * moved) + taken,
    resident: kib + taken,
    shared: Math.round(kib * 0.62),
    threads,
    time: Math.round(spent * moved),
  };
}

/** Processor time as a percentage of the time since the process started, as ps counts it. */
export function cpuPercent(row: ProcessRow, now: Time): number {
  const age = now - row.startedAt;
  return age < SECOND ? 0 : (usageOf(row, now).time * 100) / age;
}

export function memoryPercent(row: ProcessRow, now: Time, machine: Machine): number {
  return (usageOf(row, now).resident * 100) / machine.row.memory;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
