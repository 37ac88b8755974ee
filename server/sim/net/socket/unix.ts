import { Errno, ROOT, type Caller, type Host } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import type { SocketRow } from "./row.ts";

/** A process with its rights to files. */
export type UnixCaller = Caller & { readonly host: Host };

/** The file behind a path, as rows name it; undefined if it is not of a file system that keeps inodes. */
export function placeOf(host: Host, path: string, as: Caller = ROOT): string | undefined {
  const place = host.files.locate(host.files.realpath(path, as));
  return place && `${place.id}/${place.ino}`;
}

/** Makes the file of a unix socket. EADDRINUSE if the name is taken, ENOENT, EACCES as for any file (unix_bind_bsd). */
export function makeSocketFile(host: Host, path: string, as: Caller, mode = 0o777): string | undefined {
  try {
    host.files.mknod(path, { type: "socket", mode }, as);
  } catch (error) {
    throw error instanceof Errno && error.code === "EEXIST" ? new Errno("EADDRINUSE") : error;
  }
  return placeOf(host, path, as);
}

/**
 * The socket behind a path (unix_find_bsd), in whatever namespace it was made: names of files are the machine's. `@name` is a name
 * of the namespace itself. Throws ENOENT, EACCES, ECONNREFUSED, and EPROTOTYPE for a socket of another type.
 */
export function findUnix(
  process: UnixCaller,
  ns: Namespace,
  path: string,
  type: "stream" | "dgram",
): { readonly ns: Namespace; readonly row: SocketRow } {
  const found = path.startsWith("@") ? findAbstract(ns, path) : findByFile(process, ns, path);
  if (!found || (type === "stream" && found.row.type !== "dgram" && found.row.state !== "listen"))
    throw new Errno("ECONNREFUSED");
  if ((found.row.type ?? "stream") !== type) throw new Errno("EPROTOTYPE");
  return found;
}

function findAbstract(ns: Namespace, name: string): { ns: Namespace; row: SocketRow } | undefined {
  for (const row of ns.sockets.values())
    if (row.protocol === "unix" && row.address === name && row.place === undefined) return { ns, row };
  return undefined;
}

function findByFile(process: UnixCaller, own: Namespace, path: string): { ns: Namespace; row: SocketRow } | undefined {
  const { files } = process.host;
  if (files.stat(path, process).type !== "socket") throw new Errno("ECONNREFUSED");
  if (!files.access(path, 2, process)) throw new Errno("EACCES");
  const place = placeOf(process.host, path, process);
  for (const { id, machine } of own.network.namespaces.values()) {
    if (machine !== own.machine) continue;
    const ns = own.network.namespace(id);
    for (const row of ns.sockets.values())
      if (row.protocol === "unix" && row.place !== undefined && row.place === place && row.peer === undefined)
        return { ns, row };
  }
  return undefined;
}
