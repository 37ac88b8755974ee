import { attempt, Errno, type Process } from "../../../../sim/host/index.ts";
import { goCleanPath, goError, goRedirect, goUrl } from "../../../../sim/images/index.ts";
import { header, isAddress, ListeningSocket, resolveName, type HttpRequest } from "../../../../sim/net/index.ts";
import { klog } from "../../client/klog.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, duration, integer, text, type ValuesOf } from "../../cobra/flag.ts";
import { ExitError, GoError, NotSimulated } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";
import type { ApiTransport } from "../../transport.ts";
import { forward } from "./api-handler.ts";
import { accepts, hostOf, patterns, type Filter } from "./filter.ts";
import { serveHttp, type Handler, type Reply } from "./http-server.ts";
import { staticFile } from "./static-files.ts";

const DEFAULT_PORT = 8001;

const FLAGS = {
  "accept-hosts": text("Patterns of host names that clients may ask for.", {
    initial: String.raw`^localhost$,^127\.0\.0\.1$,^\[::1\]$`,
  }),
  "accept-paths": text("Patterns of paths that clients may ask for.", { initial: "^.*" }),
  address: text("The address to listen on.", { initial: "127.0.0.1" }),
  "api-prefix": text("Where the API begins.", { initial: "/" }),
  "append-server-path": bool("Put the path of the server's address before those of clients."),
  "disable-filter": bool("Let every request through. Whoever reaches the port then acts as you."),
  keepalive: duration("How often an idle connection is looked after; 0 never.", 0),
  port: integer("The port to listen on; 0 takes one that is free.", DEFAULT_PORT, { shorthand: "p" }),
  "reject-methods": text("Patterns of methods that are refused.", { initial: "^$" }),
  "reject-paths": text("Patterns of paths that are refused, even if they are accepted by --accept-paths.", {
    initial: "^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach",
  }),
  "unix-socket": text("A Unix socket to listen on.", { shorthand: "u" }),
  www: text("A folder whose files are served, too.", { shorthand: "w" }),
  "www-prefix": text("Where the files begin.", { shorthand: "P", initial: "/static/" }),
} as const;

interface Options {
  /** Undefined lets everything through. */
  readonly filter: Filter | undefined;
  readonly apiPrefix: string;
  readonly filesPrefix: string;
}

/** kubectl pkg/cmd/proxy, pkg/proxy */
export const proxy = command({
  use: "proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
  summary: "Run a proxy to the Kubernetes API server",
  about:
    "Run a server on this machine that hands requests on to the API server, with the credentials of the kubeconfig, for as long as the command runs.",
  examples: `# The API at http://localhost:8001/
kubectl proxy &
curl http://localhost:8001/api/v1/namespaces

# On another port, below another path
kubectl proxy --port=8080 --api-prefix=/k8s/`,
  flags: FLAGS,
  complete,
  validate: (_, { flags }): Failure | undefined =>
    flags.port !== DEFAULT_PORT && flags["unix-socket"] !== ""
      ? { error: "cannot set --unix-socket and --port at the same time" }
      : undefined,
  run,
});

async function complete({ flags, factory, process }: Invocation<typeof FLAGS>): Promise<Options> {
  await factory.config.rest();
  const prefixes = {
    apiPrefix: flags["api-prefix"].replace(/\/?$/, "/"),
    filesPrefix: flags["www-prefix"].replace(/\/?$/, "/"),
  };
  if (!flags["disable-filter"]) return { ...prefixes, filter: await filterOf(process, flags) };
  if (flags["unix-socket"] === "")
    await klog(
      process,
      "W",
      "proxy.go:177",
      "Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious",
    );
  return { ...prefixes, filter: undefined };
}

async function filterOf(process: Process, flags: ValuesOf<typeof FLAGS>): Promise<Filter> {
  const read = async (list: string): Promise<Filter["acceptPaths"]> => {
    const found = patterns(list);
    if (!("error" in found)) return found;
    await klog(process, "F", "proxy_server.go:83", `Error compiling re: ${found.error}`);
    throw new ExitError(255);
  };
  return {
    acceptPaths: await read(flags["accept-paths"]),
    rejectPaths: await read(flags["reject-paths"]),
    acceptHosts: await read(flags["accept-hosts"]),
    rejectMethods: await read(flags["reject-methods"]),
  };
}

async function run(options: Options, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  if (flags["unix-socket"] !== "") throw new NotSimulated("'proxy --unix-socket'");
  const { www } = flags;
  const stat = www === "" ? undefined : attempt(() => process.host.files.stat(www, process));
  if (stat && !(stat instanceof Errno) && stat.type !== "dir")
    await klog(process, "W", "proxy.go:202", `Static file directory ${www} is not a directory`);
  const transport = await factory.transport();
  const socket = (await listen(process, flags.address, flags.port)).retain();
  const { address, port } = socket.row;
  const shown = address.includes(":") ? `[${address}]` : address;
  await process.print(`Starting to serve on ${shown}:${port}\n`);
  await serveHttp(process, socket, handlerOf(process, transport, options, www));
}

/** net.Listen("tcp", "ADDRESS:PORT") */
async function listen(process: Process, given: string, port: number): Promise<ListeningSocket> {
  const failed = (why: string): GoError => new GoError(`listen tcp: ${why}`);
  const bare = given.replace(/^\[(.*)\]$/, "$1");
  if (bare === given && given.includes(":")) throw failed(`address ${given}:${port}: too many colons in address`);
  if (port < 0 || port > 65_535) throw failed(`address ${port}: invalid port`);
  let address = bare;
  if (address !== "" && !isAddress(address)) {
    const found = await resolveName(process, address);
    if (found.addresses[0] === undefined) throw failed(`lookup ${address}: no such host`);
    address = found.addresses[0];
  }
  try {
    // All addresses are those of both families.
    const any = address === "" || address === "0.0.0.0";
    return new ListeningSocket(process, { address: any ? "::" : address, port, reuseAddress: true });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const shown = address.includes(":") ? `[${address}]` : address;
    throw new GoError(`listen tcp ${shown}:${port}: bind: ${error.message.toLowerCase()}`);
  }
}

/** Files below one path, the API below another (http.ServeMux: the longest prefix counts). */
function handlerOf(process: Process, transport: ApiTransport, options: Options, www: string): Handler {
  const { apiPrefix, filesPrefix, filter } = options;
  const prefixes = www === "" ? [apiPrefix] : [apiPrefix, filesPrefix];
  return async (request: HttpRequest): Promise<Reply> => {
    const url = goUrl(request);
    const unclean = goCleanPath(request, url);
    if (unclean) return unclean;
    const search = url.query === "" ? "" : `?${url.query}`;
    const [prefix] = prefixes
      .filter((one) => url.path.startsWith(one))
      .sort((left, right) => right.length - left.length);
    if (prefixes.includes(`${url.path}/`) && prefix !== `${url.path}/`)
      return goRedirect(request, `${url.path}/${search}`, 301);
    if (prefix === undefined) return goError(404, "404 page not found");
    if (www !== "" && prefix === filesPrefix) return staticFile(process, www, url.path.slice(prefix.length - 1));
    const kept = apiPrefix.startsWith("/api");
    const path = kept ? url.path : url.path.slice(prefix.length - 1);
    const seen = path === "/" && !kept ? "" : path;
    const host = hostOf(header(request, "Host") ?? "");
    if (filter && !accepts(filter, request.method, seen, host)) return goError(403, "Forbidden");
    return forward(process, transport, request, path + search);
  };
}
