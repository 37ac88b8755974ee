import { attempt, Errno, programVersion, spawn, type DaemonProcess, type Hosts } from "../../../host/index.ts";
import { testNginxText } from "../../../images/index.ts";
import { decode, encode, MILLISECOND, rfc3339Micro, SECOND, type Duration } from "../../../kernel/index.ts";
import { connect, httpExchange, namespaceOf, startTls } from "../../../net/index.ts";
import { dialError } from "../../access/dial-error.ts";
import { resolveServer } from "../../access/server-address.ts";
import { trustError } from "../../access/tls.ts";
import { CONFIGURATION, RESULT, type Configuration, type ControlPlanes } from "./control-plane.ts";
import { Rows, type AgentRow } from "./rows.ts";

const FETCH = "nginx-agent/fetch";
const START = "nginx-agent/start";
const DELAY: Duration = 20 * MILLISECOND;
const AGAIN: Duration = 2 * SECOND;
/** The entrypoint looks once a second for nginx' pid file. */
const AFTER_NGINX: Duration = SECOND;
const CONF = "/etc/nginx-agent/nginx-agent.conf";
const TLS = "/var/run/secrets/ngf";
const NGINX_CONF = "/etc/nginx/nginx.conf";

/** An entrypoint that waits for its nginx. */
interface Start {
  readonly machine: string;
  readonly pid: number;
  readonly nginx: number;
  readonly tries: number;
}

/** The agents beside the nginx of all Gateways: each fetches what its control plane has for it, over the network. */
export class Agents {
  readonly #rows: Rows<AgentRow>;

  constructor(hosts: Hosts, controlPlanes: ControlPlanes) {
    this.#rows = new Rows(hosts, "nginx-agents");
    hosts.kernel.handle<string>(FETCH, (key) => this.#fetch(key));
    hosts.kernel.handle<Start>(START, (start) => this.#begun(start));
    controlPlanes.onChange = (server) => {
      for (const key of this.#rows.keys) if (this.#rows.row(key)!.server === server) this.#queue(key, DELAY);
    };
    controlPlanes.onEnd = (server) => {
      for (const key of this.#rows.keys) {
        if (this.#rows.row(key)!.server !== server) continue;
        this.#rows.drop(key, "server");
        this.#queue(key, AGAIN, true);
      }
    };
  }

  /** The container's first process (build/entrypoint.sh): nginx, and when that is there the agent. */
  begin(self: DaemonProcess): void {
    const { host, kernel } = self;
    for (const name of list(self, "/var/run/nginx")) if (name.endsWith(".sock")) attempt(() => host.files.unlink(`/var/run/nginx/${name}`, self)); // prettier-ignore
    self.log("starting nginx ...", 1);
    const nginx = child(self, ["/usr/sbin/nginx", "-g", "daemon off;"]);
    kernel.after(AFTER_NGINX, START, { machine: host.machine.name, pid: self.pid, nginx, tries: 0 });
  }

  #begun({ machine, pid, nginx, tries }: Start): void {
    const self = this.#rows.hosts.machine(machine).daemon(pid)?.self;
    if (!self?.alive) return;
    if (self.host.files.exists("/var/run/nginx/nginx.pid", self)) return this.#started(self, nginx);
    if (tries < 30) return void self.kernel.after(AFTER_NGINX, START, { machine, pid, nginx, tries: tries + 1 });
    self.log("couldn't find nginx master process", 1);
    self.exit(1);
  }

  #started(self: DaemonProcess, nginx: number): void {
    self.log("starting nginx-agent ...", 1);
    const pid = child(self, ["/usr/bin/nginx-agent"]);
    const { machine, name: host } = self.host;
    const key = this.#rows.add({ machine: machine.name, host, pid, nginx, files: [] });
    const agent = this.#rows.self(key);
    if (agent) logLine(agent, "INFO", "Starting NGINX Agent", { version: "v3.0.0" });
    this.#queue(key, 0);
  }

  stopped(self: DaemonProcess): void {
    this.#rows.remove(`${self.host.machine.name}/${self.pid}`);
  }

  #queue(key: string, delay: Duration, periodic = false): void {
    const row = this.#rows.row(key);
    if (!row || row.queued) return;
    this.#rows.change(key, { queued: true });
    this.#rows.kernel.after(delay, FETCH, key, { periodic });
  }

  #fetch(key: string): void {
    this.#rows.drop(key, "queued");
    const self = this.#rows.self(key);
    if (!self) return;
    const found = ask(self);
    if ("error" in found) {
      logLine(self, "ERROR", "Failed to create connection", { error: found.error });
      this.#rows.drop(key, "server");
      return this.#queue(key, AGAIN, true);
    }
    const row = this.#rows.row(key)!;
    if (row.server !== found.server) logLine(self, "INFO", "Agent connected");
    this.#rows.change(key, { server: found.server });
    if (row.digest === found.digest) return;
    const failure = this.#apply(self, row, found);
    const files = failure === undefined ? found.files.map(({ path }) => path) : row.files;
    this.#rows.change(key, { digest: found.digest, files });
    post(self, RESULT, failure === undefined ? {} : { error: `msg: Config apply failed, rolling back config; error: ${failure}` }); // prettier-ignore
  }

  /** Writes the files and has nginx read them; if nginx would not, all is as before, and the reason is returned (resource_plugin.go, resource_service.go). */
  #apply(self: DaemonProcess, row: AgentRow, { files }: Configuration): string | undefined {
    const { machine } = self.host;
    const before = new Map([...row.files, ...files.map(({ path }) => path)].map((path) => [path, self.host.readText(path)])); // prettier-ignore
    for (const path of before.keys()) write(self, files.find((file) => file.path === path) ?? { path });
    const failure = configProblem(self, row.nginx);
    if (failure === undefined) {
      machine.signal(row.nginx, "SIGHUP");
      logLine(self, "INFO", "Config apply successful, no errors found");
      return undefined;
    }
    logLine(self, "ERROR", "errors found during config apply, sending error status, rolling back config", { err: failure }); // prettier-ignore
    const modes = new Map(files.map(({ path, mode }) => [path, mode]));
    for (const [path, text] of before) write(self, { path, text, mode: modes.get(path) });
    if (configProblem(self, row.nginx) === undefined) machine.signal(row.nginx, "SIGHUP");
    return failure;
  }
}

/** What is wrong with the configuration that stands in the files, as nginx sees it. */
function configProblem(self: DaemonProcess, nginx: number): string | undefined {
  const master = self.host.machine.daemon(nginx)?.self;
  if (!master?.alive) return "failed to reload NGINX os: process already finished";
  const said = testNginxText(self, NGINX_CONF, self.host.readText(NGINX_CONF) ?? "", programVersion(master));
  return said === undefined ? undefined : `failed validating config NGINX config test failed exit status 1: ${said}`;
}

/** A file without a text is taken away. */
function write(
  self: DaemonProcess,
  { path, text, mode = 0o644 }: { path: string; text?: string | undefined; mode?: number | undefined },
): void {
  const { host } = self;
  if (host.readText(path) === text) return;
  const done = attempt(() => (text === undefined ? host.files.unlink(path, self) : host.files.write(path, encode(text), { mode }, self))); // prettier-ignore
  if (done instanceof Errno) logLine(self, "ERROR", "Failed to write file", { error: `open ${path}: ${done.message}` });
}

function list(self: DaemonProcess, directory: string): readonly string[] {
  const names = attempt(() => self.host.files.list(directory, self));
  return names instanceof Errno ? [] : names;
}

function child(self: DaemonProcess, argv: readonly string[]): number {
  const { row } = self;
  return spawn(self.host, {
    path: argv[0]!,
    argv,
    env: self.env,
    cwd: self.cwd,
    as: { uid: self.uid, gid: self.gid, groups: self.groups },
    ppid: self.pid,
    ...(row.log ? { log: row.log } : {}),
    ...(row.netns === undefined ? {} : { netns: row.netns }),
    ...(row.capabilities ? { capabilities: row.capabilities } : {}),
  });
}

function ask(self: DaemonProcess): Configuration | { readonly error: string } {
  const answer = post(self, CONFIGURATION, {});
  return "error" in answer ? answer : (JSON.parse(answer.body) as Configuration | { readonly error: string });
}

/** Asks the control plane that nginx-agent.conf names, by TLS. Its own certificate is not shown: nobody here checks it. */
function post(
  self: DaemonProcess,
  target: string,
  message: object,
): { readonly body: string } | { readonly error: string } {
  const { host, kernel } = self;
  const text = host.readText(CONF);
  if (text === undefined) return { error: `open ${CONF}: no such file or directory` };
  const name = /^\s+host: (\S+)$/m.exec(text)?.[1] ?? "";
  const port = Number(/^\s+port: (\d+)$/m.exec(text)?.[1] ?? 443);
  const serverName = /^\s+server_name: (\S+)$/m.exec(text)?.[1] ?? name;
  const authority = host.readText(`${TLS}/ca.crt`);
  if (authority === undefined) return { error: `open ${TLS}/ca.crt: no such file or directory` };
  const ns = namespaceOf(self);
  const address = resolveServer(host, ns, name);
  if (typeof address !== "string") return address;
  const { outcome, errno, connection } = connect(ns, { to: address, port, pid: self.pid, uid: self.uid });
  if (!connection || outcome !== "connected") {
    connection?.close();
    return { error: `connection error: desc = "transport: Error while dialing: ${dialError(address, port, errno)}"` };
  }
  const greeted = startTls(connection, { version: "TLSv1.3", serverName, alpn: ["h2"] });
  if (greeted.outcome !== "established") {
    connection.close();
    return { error: 'connection error: desc = "transport: authentication handshake failed: EOF"' };
  }
  const config = { server: `https://${name}:${port}`, certificateAuthority: authority, userAgent: "" };
  const distrust = trustError(config, serverName, greeted.session.serverChain, kernel.now);
  if (distrust !== undefined) {
    connection.close();
    return { error: `connection error: desc = "transport: authentication handshake failed: ${distrust}"` };
  }
  const body = encode(JSON.stringify({ pod: host.hostname, ...message }));
  const result = httpExchange(connection, {
    method: "POST",
    target,
    version: "HTTP/1.1",
    headers: [
      ["Host", serverName],
      ["Content-Type", "application/json"],
      ["Content-Length", String(body.length)],
    ],
    body,
  });
  connection.close();
  if (result.outcome !== "response")
    return { error: "rpc error: code = Unavailable desc = error reading from server: EOF" };
  return { body: decode(result.response.body) };
}

/** A line of slog's text handler. */
function logLine(
  self: DaemonProcess,
  level: "INFO" | "ERROR",
  msg: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const words = Object.entries(more).map(([name, value]) => `${name}=${/^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value)}`); // prettier-ignore
  const time = `${rfc3339Micro(self.kernel.now).slice(0, 23)}Z`;
  self.log([`time=${time} level=${level} msg=${JSON.stringify(msg)}`, ...words].join(" "));
}
