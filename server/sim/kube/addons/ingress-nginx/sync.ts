import { createHash } from "node:crypto";
import { spawn } from "../../../host/index.ts";
import { encode } from "../../../kernel/index.ts";
import { EMPTY_UID, fetchOnce, LUA_CONFIG, testNginxText, type LuaConfig } from "../../../images/index.ts";
import { programVersion } from "../../../host/index.ts";
import { parseAnnotations } from "./annotations/parse.ts";
import { certificateFile, FAKE_CERTIFICATE, nginxConf } from "./conf/nginx-conf.ts";
import { ModelBuilder, type Model } from "./model/build.ts";
import { readCertificate, type Certificate } from "./model/certificate.ts";
import type { Controller } from "./running.ts";
import type { ParsedIngress, Store, Log } from "./store.ts";

export const NGINX = "/usr/bin/nginx";
const CONF = "/etc/nginx/nginx.conf";

/** What the controller would give nginx for some Ingresses. */
export interface Wanted {
  /** nginx.conf with a checksum of zero: what a reload depends on. */
  readonly conf: string;
  readonly backends: string;
  readonly servers: string;
  readonly model: Model;
}

/** Makes it; what is wrong with Ingresses is logged. */
export function wantedFor(controller: Controller, store: Store, ingresses: readonly ParsedIngress[], log: Log): Wanted {
  const { self, row } = controller;
  const { options } = row;
  const fake = fakeOf(controller);
  const certificate = (key: string): Certificate | { readonly error: string } => {
    const [namespace, name] = key.split("/") as [string, string];
    const secret = store.secretData(namespace, name);
    if (!secret) return { error: `local SSL certificate ${key} was not found` };
    return readCertificate(key, secret.uid, secret.data);
  };
  const given = options.text["default-ssl-certificate"];
  const found = given === "" ? fake : certificate(given);
  if ("error" in found) log("W", "controller.go:1270", `Error loading custom default certificate, falling back to generated default:\n${found.error}`); // prettier-ignore
  const defaultCertificate = "error" in found ? fake : found;
  const plain = parseAnnotations({ metadata: {} } as never, { prefix: "", config: store.config, validate: false, snippets: false, secret: () => undefined, write: () => {} }); // prettier-ignore
  if (!("annotations" in plain)) throw new Error("no annotations are valid");
  const model = new ModelBuilder(store, log, {
    defaultService: options.text["default-backend-service"],
    defaultServerPort: options.numbers["default-server-port"],
    defaultCertificate,
    certificate,
    plain: plain.annotations,
    now: self.kernel.now,
  }).build(ingresses);
  const conf = nginxConf(
    {
      config: store.config,
      options,
      servers: model.servers,
      resolvers: resolversOf(controller),
      defaultCertificate,
      cpus: self.host.machine.row.cpus,
      ipv6: false,
    },
    "0",
  );
  return { conf, backends: JSON.stringify(model.backends), servers: serversText(model, defaultCertificate), model };
}

/** Which certificate each host has; the chain and key by the Secret's uid (nginx.go configureCertificates). */
function serversText({ servers }: Model, standard: Certificate): string {
  const hosts: Record<string, string> = {};
  const certificates: Record<string, string> = {};
  for (const { hostname, aliases, certificate, redirectFromToWww } of servers) {
    const other = redirectFromToWww ? [hostname.startsWith("www.") ? hostname.slice(4) : `www.${hostname}`] : [];
    for (const name of [hostname, ...aliases, ...other]) {
      hosts[name] = certificate?.uid ?? EMPTY_UID;
      if (certificate) certificates[certificate.uid] = certificate.pem;
    }
  }
  hosts["_"] = standard.uid;
  certificates[standard.uid] = standard.pem;
  return JSON.stringify({ servers: hosts, certificates });
}

function fakeOf({ self }: Controller): Certificate {
  const pem = self.host.readText(FAKE_CERTIFICATE) ?? "";
  return {
    name: "",
    uid: "00000000-0000-0000-0000-000000000000",
    pem,
    sha: createHash("sha1").update(pem).digest("hex"),
    notAfter: Infinity,
  };
}

/** The name servers of the container (system.GetSystemNameServers). */
function resolversOf({ self }: Controller): string[] {
  const text = self.host.readText("/etc/resolv.conf") ?? "";
  return [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address!);
}

/** What `nginx -t` says of a configuration, between dashes; undefined if nothing. */
export function testConf({ self }: Controller, conf: string): string | undefined {
  const number = self.kernel.random.below("ingress-nginx/tmp", 4_294_967_296);
  const path = `/tmp/nginx/nginx-cfg${number}`;
  const version = programVersion({ host: self.host, row: { exe: NGINX } });
  const said = testNginxText(self, path, encode(conf), version);
  if (said === undefined) return undefined;
  const dashes = "-".repeat(79);
  return `\n${dashes}\nError: exit status 1\n${said}\n${dashes}\n`;
}

/** Writes configuration and certificates, and makes nginx read them (nginx.go OnUpdate). An error is what a test says. */
export function writeAndReload(controller: Controller, store: Store, wanted: Wanted): string | undefined {
  const { self } = controller;
  for (const { certificate } of wanted.model.servers)
    if (certificate && certificate.name !== "") store.write(certificateFile(certificate), certificate.pem);
  const failed = testConf(controller, wanted.conf);
  if (failed !== undefined) return failed;
  const checksum = BigInt(`0x${createHash("sha256").update(wanted.conf).digest("hex").slice(0, 16)}`).toString();
  store.write(LUA_CONFIG, JSON.stringify(luaConfig(controller, store)));
  store.write(CONF, wanted.conf.replace("# Configuration checksum: 0", `# Configuration checksum: ${checksum}`));
  const nginx = controller.row.nginx;
  if (nginx !== undefined && self.host.machine.isAlive(nginx)) self.host.machine.signal(nginx, "SIGHUP");
  return undefined;
}

function luaConfig({ row }: Controller, { config }: Store): LuaConfig {
  return {
    listen_ports: { ssl_proxy: "442", https: String(row.options.numbers["https-port"]) },
    use_forwarded_headers: config.flag("use-forwarded-headers"),
    http_redirect_code: config.number("http-redirect-code"),
    hsts: config.flag("hsts"),
    hsts_max_age: config.text("hsts-max-age"),
    hsts_include_subdomains: config.flag("hsts-include-subdomains"),
    hsts_preload: config.flag("hsts-preload"),
  };
}

/** Tells the running nginx of backends and certificates, without a reload. An error is in Go's words. */
export function configure({ self, row }: Controller, what: "backends" | "servers", text: string): string | undefined {
  const port = row.options.numbers["status-port"];
  const body = encode(text);
  const url = `http://127.0.0.1:${port}/configuration/${what}`;
  const fetched = fetchOnce(self, "127.0.0.1", port, {
    method: "POST",
    target: `/configuration/${what}`,
    version: "HTTP/1.1",
    headers: [
      ["Host", `127.0.0.1:${port}`],
      ["User-Agent", "Go-http-client/1.1"],
      ["Content-Length", String(body.length)],
      ["Content-Type", "application/json"],
    ],
    body,
  });
  if ("failed" in fetched)
    return `Post "${url}": ${fetched.connected ? "EOF" : `dial tcp 127.0.0.1:${port}: connect: connection refused`}`;
  const { status } = fetched.response;
  return status === 201 ? undefined : `unexpected error code: ${status}`;
}

/** Starts nginx as a child (nginx.go start). */
export function startNginx({ self }: Controller): number {
  const { row } = self;
  return spawn(self.host, {
    path: NGINX,
    argv: [NGINX, "-c", CONF],
    env: self.env,
    cwd: self.cwd,
    as: { uid: self.uid, gid: self.gid, groups: self.groups },
    ppid: self.pid,
    ...(row.log ? { log: row.log } : {}),
    ...(row.netns === undefined ? {} : { netns: row.netns }),
    ...(row.capabilities ? { capabilities: row.capabilities } : {}),
  });
}
