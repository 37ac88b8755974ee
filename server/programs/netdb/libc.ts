import { strerror, type ErrnoCode, type Host } from "../../sim/host/index.ts";

/** The C library of a host's programs: it resolves names in its own way and has its own words for errors. */
export type Libc = "glibc" | "musl";

export function libcOf(host: Host): Libc {
  return host.files.exists("/etc/alpine-release") ? "musl" : "glibc";
}

/** musl's src/errno/__strerror.h, where it differs from glibc. */
const MUSL: Partial<Record<ErrnoCode, string>> = {
  EHOSTUNREACH: "Host is unreachable",
  ENETUNREACH: "Network unreachable",
  ETIMEDOUT: "Operation timed out",
  EADDRINUSE: "Address in use",
  EADDRNOTAVAIL: "Address not available",
  ECONNRESET: "Connection reset by peer",
  EINPROGRESS: "Operation in progress",
  EAFNOSUPPORT: "Address family not supported by protocol",
  EOPNOTSUPP: "Not supported",
  ENOTCONN: "Socket not connected",
  EMSGSIZE: "Message too large",
  EBUSY: "Resource busy",
  ENOTTY: "Not a tty",
  EIO: "I/O error",
};

/** The words that perror(3) has for an error on that host. */
export function errorWords(host: Host, code: ErrnoCode): string {
  return (libcOf(host) === "musl" ? MUSL[code] : undefined) ?? strerror(code);
}

/** What getaddrinfo(3) fails with. */
export type GaiError = "EAI_NONAME" | "EAI_NODATA" | "EAI_AGAIN" | "EAI_ADDRFAMILY";

const GLIBC_GAI: Readonly<Record<GaiError, string>> = {
  EAI_NONAME: "Name or service not known",
  EAI_NODATA: "No address associated with hostname",
  EAI_AGAIN: "Temporary failure in name resolution",
  EAI_ADDRFAMILY: "Address family for hostname not supported",
};
const MUSL_GAI: Readonly<Record<GaiError, string>> = {
  EAI_NONAME: "Name does not resolve",
  EAI_NODATA: "Name has no usable address",
  EAI_AGAIN: "Try again",
  EAI_ADDRFAMILY: "Unrecognized address family or invalid length",
};

export function gaiWords(host: Host, error: GaiError): string {
  return (libcOf(host) === "musl" ? MUSL_GAI : GLIBC_GAI)[error];
}
