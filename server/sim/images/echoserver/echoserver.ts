import { programVersion, type Daemon, type DaemonProcess, type Hosts, strerror } from "../../host/index.ts";
import { decode, type Bytes } from "../../kernel/index.ts";
import { daemonOf, listen, type Service } from "../daemon-network.ts";
import { httpDate } from "../go/http.ts";
import { hasToken, header, type Context, type HttpRequest } from "../../net/index.ts";
import { localTime } from "../nginx/variables.ts";

/** registry.k8s.io/echoserver: nginx with a Lua script that tells what it was asked (kubernetes/ingress-nginx images/echo). */
export const echoserver: Daemon = {
  name: "echoserver",
  summary: "answers with what it was asked",
  start(self) {
    const opened = listen(self, echoserverService, { address: "0.0.0.0", port: 8080, backlog: 511 });
    if (typeof opened === "string") {
      self.log(`nginx: [emerg] bind() to 0.0.0.0:8080 failed (${strerror(opened)})`);
      return self.exit(1);
    }
    self.data = { image: programVersion(self) };
    const { machine } = self.host;
    machine.updateProcess(self.pid, { argv: ["nginx: master process nginx -g daemon off;"], comm: "nginx" });
    self.fork(["nginx: worker process"]);
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT" && signal !== "SIGQUIT") return false;
    self.exit(0);
    return true;
  },
};

export const echoserverService: Service = {
  name: "echoserver",
  application: (hosts: Hosts) => ({
    http(request, context) {
      const self = daemonOf(hosts, context);
      if (!self) return { close: "reset" };
      const { image } = self.data as { image: string };
      const old = Number(image.split(".")[1]) < 5;
      const body = old ? tellOld(request, context) : tell(self, request, context);
      const keep =
        request.version === "HTTP/1.1"
          ? !hasToken(request, "Connection", "close")
          : hasToken(request, "Connection", "keep-alive");
      logAccess(self, request, context, body.length);
      return {
        status: 200,
        reason: "OK",
        headers: [
          ["Server", old ? "nginx/1.10.0" : "echoserver"],
          ["Date", httpDate(context.now)],
          ["Content-Type", "text/plain"],
          ...(request.version === "HTTP/1.1" ? ([["Transfer-Encoding", "chunked"]] as const) : []),
          ["Connection", keep && request.version === "HTTP/1.1" ? "keep-alive" : "close"],
        ],
        body: request.version === "HTTP/1.1" ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body,
      };
    },
  }),
};

interface Asked {
  readonly path: string;
  readonly query: string | undefined;
  readonly host: string;
  readonly fields: readonly string[];
}

function asked(request: HttpRequest, context: Context): Asked {
  const query = request.target.includes("?") ? request.target.slice(request.target.indexOf("?") + 1) : undefined;
  const host = (header(request, "Host") ?? context.local.address).replace(/:\d+$/, "").toLowerCase();
  const fields = request.headers.map(([name, value]) => `${name.toLowerCase()}=${value}`).sort();
  return { path: request.target, query, host, fields };
}

/** 1.4 and before */
function tellOld(request: HttpRequest, context: Context): Bytes {
  const { path, query, host, fields } = asked(request, context);
  const lines = [
    "CLIENT VALUES:",
    `client_address=${context.remote.address}`,
    `command=${request.method}`,
    `real path=${path}`,
    `query=${query ?? "nil"}`,
    `request_version=${request.version.slice(5)}`,
    `request_uri=http://${host}:${context.local.port}${path}`,
    "",
    "SERVER VALUES:",
    "server_version=nginx: 1.10.0 - lua: 10001",
    "",
    "HEADERS RECEIVED:",
    ...fields,
    "BODY:",
  ];
  return `${lines.join("\n")}\n${request.body === "" ? "-no body in request-" : request.body}`;
}

/** 1.5 and later */
function tell(self: DaemonProcess, request: HttpRequest, context: Context): Bytes {
  const { path, query, host, fields } = asked(request, context);
  const lines = [
    "",
    "",
    `Hostname: ${self.host.hostname}`,
    "",
    "Pod Information:",
    ...podInformation(self),
    "",
    "Server values:",
    "\tserver_version=nginx: 1.12.2 - lua: 10010",
    "",
    "Request Information:",
    `\tclient_address=${context.remote.address}`,
    `\tmethod=${request.method}`,
    `\treal path=${path}`,
    `\tquery=${query ?? ""}`,
    `\trequest_version=${request.version.slice(5)}`,
    `\trequest_uri=http://${host}:${context.local.port}${path}`,
    "",
    "Request Headers:",
    ...fields.map((field) => `\t${field}`),
    "",
    "Request Body:",
    request.body === "" ? "\t-no body in request-" : request.body,
  ];
  return `${lines.join("\n")}\n\n`;
}

/** From variables that a Pod may set by the downward API. */
function podInformation({ env }: DaemonProcess): string[] {
  const known = [
    ["node name", env.NODE_NAME],
    ["pod name", env.POD_NAME],
    ["pod namespace", env.POD_NAMESPACE],
    ["pod IP", env.POD_IP],
  ].filter(([, value]) => value !== undefined);
  return known.length === 0
    ? ["\t-no pod information available-"]
    : known.map(([name, value]) => `\t${name}:\t${value}`);
}

function logAccess(self: DaemonProcess, request: HttpRequest, context: Context, bytes: number): void {
  const line = `${request.method} ${request.target} ${request.version}`;
  const field = (name: string): string => header(request, name) ?? "-";
  self.log(
    decode(
      `${context.remote.address} - - [${localTime(context.now)}] "${line}" 200 ${bytes} "${field("Referer")}" "${field("User-Agent")}"`,
    ),
    1,
  );
}
