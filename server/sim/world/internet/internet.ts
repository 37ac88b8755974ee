import type { Daemon, Hosts } from "../../host/index.ts";
import { httpDate } from "../../images/index.ts";
import { encode } from "../../kernel/index.ts";
import {
  header,
  namespaceOf,
  networkOfHosts,
  openSocket,
  type Context,
  type Headers,
  type HttpRequest,
  type HttpResponse,
} from "../../net/index.ts";
import { certificateOf } from "./certificate.ts";
import { answerName } from "./names.ts";
import type { Page, Site } from "./site.ts";
import { SITE_AT, SITE_OF, SITES } from "./sites/index.ts";

const NAME = "internet";

/** Every address of a site answers, on the machine that plays the internet. */
export const INTERNET_ADDRESSES: readonly string[] = [...new Set(SITES.map(({ address }) => address))];

/** Recursive name servers and web servers outside: what a node finds when its packets get out. */
export const internet: Daemon = {
  name: NAME,
  summary: "the internet outside of the lab",
  start(self) {
    const ns = namespaceOf(self);
    const open = (protocol: "udp" | "tcp", port: number, application: string): void => {
      const backlog = protocol === "tcp" ? { backlog: 128 } : {};
      openSocket(ns, { protocol, address: "0.0.0.0", port, pid: self.pid, application, ...backlog });
    };
    open("udp", 53, NAME);
    open("tcp", 53, NAME);
    open("tcp", 80, `${NAME}-web`);
    open("tcp", 443, `${NAME}-web`);
  },
};

export function bindInternet(hosts: Hosts): void {
  const network = networkOfHosts(hosts);
  network.serve(NAME, { dns: (query) => ({ message: answerName(query) }) });
  network.serve(`${NAME}-web`, {
    tls(hello, { local, now }) {
      if (local.port !== 443) return { alert: "internal_error" };
      // Who asks for a name that is none of theirs gets the certificate of the address, as from a server with several.
      const site = SITE_OF.get(hello.serverName ?? "") ?? SITE_AT.get(local.address);
      if (!site) return { alert: "unrecognized_name" };
      const alpn = hello.alpn?.find((protocol) => protocol === "h2" || protocol === "http/1.1");
      return { chain: [certificateOf(site.names, now)], ...(alpn === undefined ? {} : { alpn }) };
    },
    http: (request, context) => serve(request, context),
  });
}

function serve(request: HttpRequest, context: Context): HttpResponse {
  const { local, remote, now, tls } = context;
  const secure = tls !== undefined;
  if (local.port === 443 && !secure)
    return plain(400, "Bad Request", "The plain HTTP request was sent to HTTPS port\n", now);
  const host = (header(request, "Host") ?? "").replace(/:\d+$/, "").toLowerCase();
  const site = SITE_OF.get(host) ?? SITE_AT.get(local.address);
  if (!site) return plain(404, "Not Found", "404 page not found\n", now);
  if (request.method !== "GET" && request.method !== "HEAD")
    return plain(405, "Method Not Allowed", "Method Not Allowed\n", now);
  const [path = "/", query] = request.target.replace(/^https?:\/\/[^/]*/, "").split(/\?(.*)/s);
  const search = query === undefined ? "" : `?${query}`;
  if (site.upgrades && !secure) {
    const to = `https://${SITE_OF.has(host) ? host : site.names[0]!}${path}${search}`;
    return answer(site, { moved: 301, to }, now);
  }
  const page = site.page({ host, path, search, secure, client: remote.address });
  return answer(site, page ?? { ...site.missing, status: 404 }, now);
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  301: "Moved Permanently",
  302: "Found",
  307: "Temporary Redirect",
  404: "Not Found",
};

function answer({ server }: Site, page: Page, now: number): HttpResponse {
  const status = "moved" in page ? page.moved : (page.status ?? 200);
  const body = encode(page.text ?? "");
  const headers: Headers = [
    ...(server === undefined ? [] : [["Server", server] as const]),
    ["Date", httpDate(now)],
    ...(page.type === undefined ? [] : [["Content-Type", page.type] as const]),
    ["Content-Length", String(body.length)],
    ...("moved" in page ? [["Location", page.to] as const] : []),
  ];
  return { status, reason: REASONS[status]!, headers, body };
}

function plain(status: number, reason: string, text: string, now: number): HttpResponse {
  const headers: Headers = [
    ["Date", httpDate(now)],
    ["Content-Type", "text/plain; charset=utf-8"],
    ["Content-Length", String(text.length)],
  ];
  return { status, reason, headers, body: text };
}
