import type { DaemonProcess, Hosts, Signal } from "../../host/index.ts";
import { daemonOf, listen, type Service } from "../daemon-network.ts";
import { namespaceOf, type Context, type HttpAnswer, type HttpRequest, type SocketRow } from "../../net/index.ts";
import { strerror } from "../../host/index.ts";
import { lookup } from "../resolver.ts";
import { goCleanPath, goRefusal, goResponse, goUrl, type GoAnswer, type GoUrl } from "./http.ts";

/** One request as a handler sees it. `self` is the process that serves it. */
export interface GoExchange {
  readonly self: DaemonProcess;
  readonly request: HttpRequest;
  readonly url: GoUrl;
  readonly context: Context;
}

/** Answers a request, or ends the connection without a word. */
export type GoHandler = (exchange: GoExchange) => GoAnswer | Extract<HttpAnswer, { close: unknown }>;

/** A server of Go's net/http whose ServeMux leads to a handler. */
export function goService(name: string, handler: GoHandler): Service {
  return {
    name,
    application: (hosts: Hosts) => ({
      http(request, context) {
        const self = daemonOf(hosts, context);
        if (!self) return { close: "reset" };
        const refusal = goRefusal(request);
        if (refusal) return refusal;
        const url = goUrl(request);
        const answer = goCleanPath(request, url) ?? handler({ self, request, url, context });
        return "close" in answer ? answer : goResponse(request, context.now, answer);
      },
    }),
  };
}

/** net.Listen("tcp", address) or net.ListenPacket("udp", address); a string is Go's words why not. */
export function goListen(
  self: DaemonProcess,
  service: Service,
  address: string,
  options: { protocol?: "tcp" | "udp"; with?: Readonly<Record<string, unknown>> } = {},
): SocketRow | string {
  const { protocol = "tcp" } = options;
  const ends = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(address);
  if (!ends) {
    const why = address.split(":").length > 2 ? "too many colons in address" : "missing port in address";
    return `listen ${protocol}: address ${address}: ${why}`;
  }
  const host = ends[1] ?? ends[2]!;
  const port = portNumber(ends[3]!);
  if (port === undefined) return `listen ${protocol}: lookup ${protocol}/${ends[3]!}: unknown port`;
  if (port > 65_535) return `listen ${protocol}: address ${port}: invalid port`;
  const found = host === "" ? undefined : lookup(self.host, namespaceOf(self), host);
  if (found && "failed" in found) return `listen ${protocol}: lookup ${host}: no such host`;
  const opened = listen(self, service, {
    protocol,
    address: found?.addresses[0] ?? "::",
    port,
    ...(host === "" ? { v6only: false } : {}),
    ...(options.with ? { with: options.with } : {}),
  });
  return typeof opened === "string" ? `listen ${protocol} ${address}: bind: ${strerror(opened).toLowerCase()}` : opened;
}

/** Go's runtime dies of its own signal; as the first process of a container it cannot, and exits with 2. */
export function goSignal(self: DaemonProcess, signal: Signal): boolean {
  const fatal = signal === "SIGTERM" || signal === "SIGINT" || signal === "SIGHUP";
  if (!fatal || !self.host.isContainer || self.row.nspid !== 1) return false;
  self.exit(2);
  return true;
}

function portNumber(text: string): number | undefined {
  if (text === "http") return 80;
  if (text === "https") return 443;
  return /^\d*$/.test(text) ? Number(text) : undefined;
}
