import type { EndpointSlice, Service } from "../../../api/index.ts";
import type { Backend, GraphGateway, GraphMirror, GraphRoute } from "../graph/model.ts";
import { addedVariable, writeLocations, type MatchPairs } from "./locations.ts";
import { groupVariable, INVALID_BACKEND, mirrorVariable, shares } from "./split-clients.ts";
import { virtualServers, type VirtualServer } from "./virtual-servers.ts";
import { ConfWriter } from "./writer.ts";

/** A file that nginx' Pods of a Gateway have to have. */
export interface ConfFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

const SECRETS = "/etc/nginx/secrets";
const RUN = "unix:/var/run/nginx";

/** The configuration of a Gateway's nginx (internal/controller/nginx/config/generator.go). */
export function configurationFiles(
  gateway: GraphGateway,
  slices: (service: Service) => readonly EndpointSlice[],
): readonly ConfFile[] {
  const servers = virtualServers(gateway);
  const pairs: MatchPairs = {};
  const keyPairs = new Map(gateway.listeners.flatMap(({ valid, keyPair }) => (valid && keyPair ? [[keyPair.id, keyPair.pem] as const] : []))); // prettier-ignore
  const level = gateway.proxy.logging?.errorLevel ?? "info";
  return [
    { path: "/etc/nginx/main-includes/main.conf", text: `error_log stderr ${level};\n`, mode: 0o644 },
    { path: "/etc/nginx/conf.d/http.conf", text: httpConf(gateway, servers, pairs, slices), mode: 0o644 },
    { path: "/etc/nginx/conf.d/matches.json", text: JSON.stringify(pairs), mode: 0o644 },
    { path: "/etc/nginx/stream-conf.d/stream.conf", text: "", mode: 0o644 },
    ...[...keyPairs].map(([id, text]) => ({ path: `${SECRETS}/ssl_keypair_${id}.pem`, text, mode: 0o640 })),
  ];
}

function httpConf(
  gateway: GraphGateway,
  servers: readonly VirtualServer[],
  pairs: MatchPairs,
  slices: (service: Service) => readonly EndpointSlice[],
): string {
  const out = new ConfWriter();
  if (gateway.proxy.disableHTTP2 !== true) out.line("http2 on;", "");
  out.line("# Host as the client sent it; HTTP/1.0 may do without");
  out.block("map $http_host $gw_api_compliant_host", () => out.line("'' $host;", "default $http_host;"));
  out.line("", "# websockets");
  out.block("map $http_upgrade $connection_upgrade", () => out.line("default upgrade;", "'' close;"));
  for (const name of addedHeaders(servers)) {
    const header = `\${http_${name.toLowerCase().replaceAll("-", "_")}}`;
    out.line("");
    out.block(`map ${header} $${addedVariable(name)}`, () => out.line("default '';", `~.* ${header},;`));
  }
  out.line("", "# readiness of the Pod");
  out.block("server", () => {
    out.line("listen 8081;", ...six(gateway, "listen [::]:8081;"), "");
    out.block("location = /readyz", () => out.line("access_log off;", "return 200;"));
  });
  writeUpstreams(out, servers, slices);
  for (const [variable, backends] of groupsOf(servers)) {
    out.line("");
    out.block(`split_clients $request_id $${variable}`, () => {
      for (const { percent, value } of shares(backends)) out.line(`${percent === "0.00" ? "# " : ""}${percent}% ${value};`); // prettier-ignore
    });
  }
  for (const { path, percent } of partialMirrors(servers)) {
    out.line("");
    out.block(`split_clients $request_id $${mirrorVariable(path, percent)}`, () =>
      out.line(`${percent.toFixed(2)}% ${path};`, '* "";'),
    );
  }
  out.line("", "js_preload_object matches from /etc/nginx/conf.d/matches.json;");
  const numbers = { plain: 0, ssl: 0 };
  for (const server of servers) {
    const id = server.ssl ? `SSL_${numbers.ssl++}` : `${numbers.plain++}`;
    out.line("");
    writeServer(out, gateway, server, id, pairs);
  }
  for (const code of [503, 500]) {
    out.line("");
    out.block("server", () => out.line(`listen ${RUN}/nginx-${code}-server.sock;`, "access_log off;", "", `return ${code};`)); // prettier-ignore
  }
  return out.text;
}

function six({ proxy }: GraphGateway, ...lines: readonly string[]): readonly string[] {
  return proxy.ipFamily === "ipv4" ? [] : lines;
}

function writeServer(
  out: ConfWriter,
  gateway: GraphGateway,
  server: VirtualServer,
  id: string,
  pairs: MatchPairs,
): void {
  const { port, hostname, keyPair, ssl } = server;
  const options = `${ssl ? " ssl" : ""}${hostname === undefined ? " default_server" : ""}`;
  out.block("server", () => {
    if (gateway.proxy.ipFamily !== "ipv6") out.line(`listen ${port}${options};`);
    out.line(...six(gateway, `listen [::]:${port}${options};`));
    if (hostname === undefined) {
      if (ssl) out.line("ssl_reject_handshake on;");
      else out.line("default_type text/html;", "return 404;");
      return;
    }
    if (ssl) {
      const pem = `${SECRETS}/ssl_keypair_${keyPair ?? ""}.pem`;
      out.line(`ssl_certificate ${pem};`, `ssl_certificate_key ${pem};`, "");
      out.block("if ($ssl_server_name != $host)", () => out.line("return 421;"));
    }
    out.line("", `server_name ${hostname};`, "");
    writeLocations(out, server, id, pairs);
  });
}

function addedHeaders(servers: readonly VirtualServer[]): readonly string[] {
  const filters = servers.flatMap(({ paths }) => paths.flatMap(({ matches }) => matches.flatMap((match) => match.filters))); // prettier-ignore
  const names = filters.flatMap(({ requestHeaderModifier }) => (requestHeaderModifier?.add ?? []).map(({ name }) => name.toLowerCase())); // prettier-ignore
  return [...new Set(names)].toSorted();
}

/** Mirrors that get a part of the requests, each once. */
function partialMirrors(servers: readonly VirtualServer[]): Iterable<GraphMirror> {
  const mirrors = rulesOf(servers).flatMap((rule) => rule.mirrors.filter(({ percent }) => percent < 100));
  return new Map(mirrors.map((mirror) => [mirror.path, mirror])).values();
}

function rulesOf(servers: readonly VirtualServer[]) {
  return servers.flatMap(({ paths }) => paths.flatMap(({ matches }) => matches));
}

/** Rules with several backends, by the variable that chooses one. */
function groupsOf(servers: readonly VirtualServer[]): ReadonlyMap<string, readonly Backend[]> {
  const groups = new Map<string, readonly Backend[]>();
  for (const { route, rule, backends } of rulesOf(servers) as readonly {
    route: GraphRoute;
    rule: number;
    backends: readonly Backend[];
  }[])
    // prettier-ignore
    if (backends.length > 1) groups.set(groupVariable(route, rule), backends);
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function writeUpstreams(
  out: ConfWriter,
  servers: readonly VirtualServer[],
  slices: (service: Service) => readonly EndpointSlice[],
): void {
  const named = new Map<string, Backend>();
  for (const { backends } of rulesOf(servers))
    for (const backend of backends) if (backend.upstream !== undefined) named.set(backend.upstream, backend);
  for (const [name, { service, port }] of [...named].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const found = endpoints(service!, port!, slices(service!));
    upstream(out, name, found.length > 0 ? found : [`${RUN}/nginx-503-server.sock`]);
  }
  upstream(out, INVALID_BACKEND, [`${RUN}/nginx-500-server.sock`]);
}

function upstream(out: ConfWriter, name: string, servers: readonly string[]): void {
  out.line("");
  out.block(`upstream ${name}`, () => {
    out.line("random two least_conn;", ...(name === INVALID_BACKEND ? [] : [`zone ${name} 512k;`]), "");
    for (const server of servers) out.line(`server ${server};`);
  });
}

/** The addresses of a Service's ready endpoints (resolver.go). */
function endpoints({ spec }: Service, port: number, slices: readonly EndpointSlice[]): readonly string[] {
  const wanted = spec.ports?.find((one) => one.port === port);
  const found = slices.flatMap(({ ports, endpoints: all, addressType }) => {
    const number = ports?.find(({ name }) => (name ?? "") === (wanted?.name ?? ""))?.port;
    if (number === undefined || addressType === "FQDN") return [];
    return (all ?? [])
      .filter(({ conditions }) => conditions?.ready === true)
      .flatMap(({ addresses }) => (addresses ?? []).map((address) => `${address.includes(":") ? `[${address}]` : address}:${number}`)); // prettier-ignore
  });
  return [...new Set(found)].toSorted();
}
