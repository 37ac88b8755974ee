/** Names of errors as the kernel returns them, with the words of strerror(3) that tools print. */
export const ERRNO = {
  EPERM: "Operation not permitted",
  ENOENT: "No such file or directory",
  ESRCH: "No such process",
  EIO: "Input/output error",
  ENXIO: "No such device or address",
  EACCES: "Permission denied",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EXDEV: "Invalid cross-device link",
  ENODEV: "No such device",
  EINVAL: "Invalid argument",
  ENFILE: "Too many open files in system",
  ENOSPC: "No space left on device",
  EMLINK: "Too many links",
  EPIPE: "Broken pipe",
  ERANGE: "Numerical result out of range",
  ELOOP: "Too many levels of symbolic links",
  ENONET: "Machine is not on the network",
  EPROTO: "Protocol error",
  ENOTCONN: "Transport endpoint is not connected",
  EDESTADDRREQ: "Destination address required",
  EMSGSIZE: "Message too long",
  ENOPROTOOPT: "Protocol not available",
  EOPNOTSUPP: "Operation not supported",
  EADDRINUSE: "Address already in use",
  EADDRNOTAVAIL: "Cannot assign requested address",
  ENETDOWN: "Network is down",
  ENETUNREACH: "Network is unreachable",
  ECONNABORTED: "Software caused connection abort",
  ECONNRESET: "Connection reset by peer",
  ENOBUFS: "No buffer space available",
  EISCONN: "Transport endpoint is already connected",
  ETIMEDOUT: "Connection timed out",
  ECONNREFUSED: "Connection refused",
  EHOSTDOWN: "Host is down",
  EHOSTUNREACH: "No route to host",
} as const;

export type Errno = keyof typeof ERRNO;

export function strerror(errno: Errno): string {
  return ERRNO[errno];
}

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
