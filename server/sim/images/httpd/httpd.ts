import {
  attempt,
  Errno,
  errnoNumber,
  programVersion,
  type Caller,
  type Daemon,
  type DaemonProcess,
  type Hosts,
  strerror,
} from "../../host/index.ts";
import { decode, type Bytes } from "../../kernel/index.ts";
import { daemonOf, listen, type Service } from "../daemon-network.ts";
import {
  namespaceOf,
  closeSocket,
  parseRequest,
  type Context,
  type HttpRequest,
  type StreamAnswer,
} from "../../net/index.ts";
import { openLog, writeLog } from "../nginx/log.ts";
import { parseHttpdConf, type HttpdConf } from "./conf.ts";
import { errorLine, serveVisit } from "./serve.ts";

/** Apache httpd 2.4 with the event MPM: one site of files. */
export const httpd: Daemon = {
  name: "httpd",
  summary: "Apache HTTP server",
  start(self) {
    const [option] = self.argv.slice(1);
    if (option === "-v") {
      self.log(`Server version: Apache/${programVersion(self)} (Unix)`, 1);
      return self.exit(0);
    }
    const path = "/usr/local/apache2/conf/httpd.conf";
    const conf = load(self, self.argv[1] === "-f" ? self.argv[2]! : path);
    if (!conf) return;
    if (option === "-t") {
      nameServer(self, conf, 1);
      self.log("Syntax OK");
      return self.exit(0);
    }
    nameServer(self, conf, 2);
    begin(self, conf);
  },
  signal(self, signal) {
    const data = self.row.data as HttpdData | undefined;
    if (!data) return signal === "SIGHUP" || signal === "SIGUSR1" || signal === "SIGWINCH";
    const conf = confOf(data);
    const say = (message: string): void => writeLog(self, conf.errorLog, errorLine(self, "mpm_event:notice", message));
    if (signal === "SIGWINCH") say("AH00492: caught SIGWINCH, shutting down gracefully");
    else if (signal === "SIGTERM") say("AH00491: caught SIGTERM, shutting down");
    else if (signal === "SIGINT") say("AH00491: caught SIGTERM, shutting down");
    else if (signal === "SIGUSR1" || signal === "SIGHUP") {
      say(
        signal === "SIGHUP"
          ? "AH00494: SIGHUP received.  Attempting to restart"
          : "AH00493: SIGUSR1 received.  Doing graceful restart",
      );
      restart(self, data);
      return true;
    } else return false;
    self.exit(0);
    return true;
  },
};

/** What a running httpd goes by. Its children have none. */
interface HttpdData {
  readonly path: string;
  readonly text: string;
  readonly sockets: readonly number[];
  readonly user: { readonly uid: number; readonly gid: number };
}

const parsed = new WeakMap<HttpdData, HttpdConf>();

function confOf(data: HttpdData): HttpdConf {
  let conf = parsed.get(data);
  if (!conf) parsed.set(data, (conf = parseHttpdConf(data.path, data.text) as HttpdConf));
  return conf;
}

interface Loaded extends HttpdConf {
  readonly path: string;
  readonly text: string;
}

function load(self: DaemonProcess, path: string): Loaded | undefined {
  const text = attempt(() => decode(self.host.files.read(path, self)));
  const lines = (words: readonly string[], code: number): undefined => {
    for (const line of words) self.log(line);
    self.exit(code);
    return undefined;
  };
  if (text instanceof Errno) return lines([`httpd: Could not open configuration file ${path}: ${text.message}`], 1);
  const conf = parseHttpdConf(path, text);
  if ("unsimulated" in conf) return lines([`drydock: httpd: ${conf.unsimulated} is not simulated`], 64);
  return "lines" in conf ? lines(conf.lines, 1) : { ...conf, path, text };
}

/** Without ServerName httpd looks for a full name of its own, and complains if there is none. */
function nameServer(self: DaemonProcess, conf: HttpdConf, times: number): void {
  if (conf.serverName !== undefined) return;
  const { hostname } = self.host;
  const line = (self.host.readText("/etc/hosts") ?? "")
    .split("\n")
    .find((entry) => entry.replace(/#.*/, "").split(/\s+/).slice(1).includes(hostname));
  const [address, ...names] = (line ?? "127.0.0.1").split(/\s+/);
  if (names.some((name) => name.includes("."))) return;
  for (let time = 0; time < times; time++)
    self.log(
      `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${address!}. Set the 'ServerName' directive globally to suppress this message`,
    );
}

function begin(self: DaemonProcess, conf: Loaded): void {
  const opened: number[] = [];
  for (const { address, port } of conf.listens) {
    const socket = listen(self, httpdService, {
      address,
      port,
      backlog: 511,
      ...(address === "::" ? { v6only: false } : {}),
    });
    if (typeof socket !== "string") {
      opened.push(socket.id);
      continue;
    }
    const why = `(${errnoNumber(socket)})${strerror(socket)}`;
    for (const name of address === "::" ? [`[::]:${port}`, `0.0.0.0:${port}`] : [`${address}:${port}`])
      self.log(`${why}: AH00072: make_sock: could not bind to address ${name}`);
  }
  if (opened.length < conf.listens.length || opened.length === 0) {
    for (const id of opened) closeSocket(namespaceOf(self), id);
    self.log("no listening sockets available, shutting down");
    self.log("AH00015: Unable to open logs");
    return self.exit(1);
  }
  for (const path of [conf.errorLog, ...conf.accessLogs.map((log) => log.path)]) openLog(self, path);
  const user = self.uid === 0 ? self.host.users.byName(conf.user) : undefined;
  const { uid, gid } = user ?? self;
  self.data = { path: conf.path, text: conf.text, sockets: opened, user: { uid, gid } } satisfies HttpdData;
  announce(self, conf);
  for (let child = 0; child < START_SERVERS; child++) self.fork(self.argv, { uid, gid, groups: [gid] });
}

const START_SERVERS = 3;

function announce(self: DaemonProcess, conf: HttpdConf): void {
  const words = self.argv.map((word) => (word === "-DFOREGROUND" ? "-D FOREGROUND" : word)).join(" ");
  const log = (what: string, message: string): void => writeLog(self, conf.errorLog, errorLine(self, what, message));
  log("mpm_event:notice", `AH00489: Apache/${programVersion(self)} (Unix) configured -- resuming normal operations`);
  log("core:notice", `AH00094: Command line: '${words}'`);
}

/** Reads its configuration again; sockets stay as they are. */
function restart(self: DaemonProcess, data: HttpdData): void {
  const conf = load(self, data.path);
  if (!conf) return;
  self.data = { ...data, text: conf.text } satisfies HttpdData;
  nameServer(self, conf, 1);
  announce(self, conf);
}

export const httpdService: Service = {
  name: "httpd",
  application: (hosts: Hosts) => ({
    stream: {
      receive(bytes, context, memory) {
        const self = daemonOf(hosts, context);
        const data = self?.row.data as HttpdData | undefined;
        return self && data
          ? answer(self, data, ((memory as string | undefined) ?? "") + bytes, context)
          : { close: "reset" };
      },
    },
  }),
};

function answer(self: DaemonProcess, data: HttpdData, bytes: Bytes, context: Context): StreamAnswer {
  const conf = confOf(data);
  const worker: Caller = { ...data.user, groups: [data.user.gid], cwd: "/", umask: 0o022 };
  let out = "";
  for (let rest = bytes; ;) {
    if (rest === "" && out !== "") return { bytes: out, memory: "" };
    const line = /^(?:\r?\n)*([^\r\n]*)/.exec(rest)![1]!;
    // Whatever version a client names, httpd takes it for 1.1.
    const read = parseRequest(rest.replace(/^((?:\r?\n)*[^\r\n]* )HTTP\/(?:[2-9]|1\.[2-9])[\d.]*/, "$1HTTP/1.1"));
    if (read === "incomplete") return { bytes: out, memory: rest };
    const request = read === "malformed" ? UNREADABLE : read.message;
    const served = serveVisit({ self, conf, worker, context, request, line });
    out += served.bytes;
    if (!served.open || read === "malformed") return { bytes: out, close: "fin" };
    rest = read.rest;
  }
}

const UNREADABLE: HttpRequest = { method: "", target: "", version: "HTTP/1.1", headers: [], body: "" };
