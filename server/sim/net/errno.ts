import type { ErrnoCode } from "../host/index.ts";

/** Names of errors as the kernel returns them; `strerror` of host has their words. */
export type Errno = ErrnoCode;

/** What a netlink request fails with: an errno and, where the kernel gives one, its extended acknowledgement text. */
export interface Failure {
  readonly ok: false;
  readonly errno: Errno;
  /** Printed by iproute2 as `Error: <extack>`; without it, `RTNETLINK answers: <strerror>`. iproute2 adds the point. */
  readonly extack?: string;
  /** What was asked for exists in Linux but not here: `drydock: ip: '<unsimulated>' is not simulated`. */
  readonly unsimulated?: string;
}

export type Result<T = void> = { readonly ok: true; readonly value: T } | Failure;

export function ok(): Result;
export function ok<T>(value: T): Result<T>;
export function ok(value?: unknown): Result<unknown> {
  return { ok: true, value };
}

export function fail(errno: Errno, extack?: string): Failure {
  return extack === undefined ? { ok: false, errno } : { ok: false, errno, extack };
}

export function notSimulated(what: string): Failure {
  return { ok: false, errno: "EOPNOTSUPP", unsimulated: what };
}
