import { attempt, errnoNumber, programVersion, type DaemonProcess, strerror } from "../../host/index.ts";
import { listen, listenUnix } from "../daemon-network.ts";
import { namespaceOf, closeSocket } from "../../net/index.ts";
import { buildOf } from "./build.ts";
import type { NginxConfig } from "./config.ts";
import type { Listen } from "./listen.ts";
import { nginxService } from "./service.ts";

/** Ids of listening sockets by `0.0.0.0:80`. */
export type Sockets = Readonly<Record<string, number>>;

export interface Opened {
  readonly sockets: Sockets;
  /** Why some could not be opened; `taken` may change by itself. */
  readonly problems: readonly { readonly text: string; readonly taken: boolean }[];
}

/** Opens the sockets that a configuration asks for; those that are open already are kept (ngx_open_listening_sockets). */
export function openListeners(self: DaemonProcess, config: NginxConfig, open: Sockets): Opened {
  const sockets: Record<string, number> = {};
  const problems: { text: string; taken: boolean }[] = [];
  for (const wanted of wantedListens(config)) {
    const known = open[wanted.text];
    const { address, port, backlog } = wanted;
    const opened =
      known ??
      (address.startsWith("/") ? listenUnix(self, nginxService, address, backlog) : undefined) ??
      listen(self, nginxService, {
        address,
        port,
        backlog,
        mayBind: buildOf(programVersion(self)).modules.has("lua"),
        ...(address.includes(":") ? { v6only: wanted.v6only } : {}),
      });
    if (typeof opened === "string") {
      const why = `${errnoNumber(opened)}: ${strerror(opened)}`;
      problems.push({ text: `bind() to ${wanted.text} failed (${why})`, taken: opened === "EADDRINUSE" });
    } else sockets[wanted.text] = typeof opened === "number" ? opened : opened.id;
  }
  return { sockets, problems };
}

/** One for each address; a wildcard takes what others of its port would. */
function wantedListens({ servers }: NginxConfig): Listen[] {
  const wanted = new Map<string, Listen>();
  for (const listen of servers.flatMap((server) => server.listens)) {
    const known = wanted.get(listen.text);
    if (!known || (listen.options && !known.options)) wanted.set(listen.text, listen);
  }
  const all = [...wanted.values()];
  const covered = (one: Listen): boolean =>
    !one.wildcard &&
    all.some(
      (other) => other.wildcard && other.port === one.port && other.address.includes(":") === one.address.includes(":"),
    );
  return all.filter((one) => !covered(one));
}

export function closeListeners(self: DaemonProcess, ids: readonly number[]): void {
  const ns = namespaceOf(self);
  for (const id of ids) {
    const row = ns.sockets.get(id);
    if (row?.protocol === "unix") attempt(() => self.host.files.unlink(row.address, self));
    closeSocket(ns, id);
  }
}
