import type { FileSpec } from "./file-spec.ts";

/** /dev, as every host has it. */
export const deviceFiles: readonly FileSpec[] = [
  ...["null", "zero", "full", "random", "urandom", "tty"].map((device) => ({ path: `/dev/${device}`, device })),
  { path: "/dev/pts", dir: true },
  { path: "/dev/shm", dir: true, mode: 0o1777 },
  { path: "/dev/fd", link: "/proc/self/fd" },
  { path: "/dev/stdin", link: "/proc/self/fd/0" },
  { path: "/dev/stdout", link: "/proc/self/fd/1" },
  { path: "/dev/stderr", link: "/proc/self/fd/2" },
];
