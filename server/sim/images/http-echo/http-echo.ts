import type { Daemon } from "../../host/index.ts";
import { goDuration } from "../go/duration.ts";
import { parseGoFlags, type GoFlag } from "../go/flag.ts";
import { goDate, goFatal, goLog } from "../go/log.ts";
import { remoteAddress } from "../go/http.ts";
import { goListen, goService, type GoExchange } from "../go/server.ts";
import { encode } from "../../kernel/index.ts";
import { header } from "../../net/index.ts";

/** hashicorp/http-echo 1.0.0: answers every request with a text (main.go, handlers.go). */

const FLAGS: readonly GoFlag[] = [
  { name: "listen", type: "string", value: ":5678", usage: "address and port to listen" },
  { name: "status-code", type: "int", value: "200", usage: "http response code, e.g.: 200" },
  { name: "text", type: "string", value: "", usage: "text to put on the webpage" },
  { name: "version", type: "bool", value: "false", usage: "display version information" },
];

interface Settings {
  readonly text: string;
  readonly status: number;
}

export const httpEcho: Daemon = {
  name: "http-echo",
  summary: "answers HTTP requests with a text",
  start(self) {
    const read = parseGoFlags(self.argv[0]!, FLAGS, self.argv.slice(1));
    if ("lines" in read) {
      for (const line of read.lines) self.log(line);
      return self.exit(read.code);
    }
    const { values, args } = read;
    if (values.version === "true") {
      self.log("http-echo v1.0.0 (3c3cd9b)");
      return self.exit(0);
    }
    const text = values.text! || (self.env.ECHO_TEXT ?? "");
    const refuse = (words: string): void => {
      self.log(words);
      self.exit(127);
    };
    if (text === "") return refuse("Missing -text option or ECHO_TEXT env var!");
    if (args.length > 0) return refuse("Too many arguments!");
    self.data = { text, status: Number(values["status-code"]) } satisfies Settings;
    const address = values.listen!;
    goLog(self, `[INFO] server is listening on ${address}`);
    const opened = goListen(self, httpEchoService, address === "" ? ":http" : address);
    if (typeof opened === "string") goFatal(self, `[ERR] server exited with: ${opened}`);
  },
  signal(self, signal) {
    if (signal !== "SIGINT" && signal !== "SIGTERM") return false;
    goLog(self, "[INFO] received interrupt, shutting down...");
    self.exit(2);
    return true;
  },
};

const APP_HEADERS = [
  ["X-App-Name", "http-echo"],
  ["X-App-Version", "1.0.0"],
] as const;

export const httpEchoService = goService("http-echo", (exchange) => {
  const { self, url } = exchange;
  if (url.path === "/health") return { headers: APP_HEADERS, body: '{"status":"ok"}\n' };
  const { text, status } = self.data as Settings;
  const body = encode(`${text}\n`);
  // net/http panics on a code that is none, and the deferred log line still comes.
  const valid = status >= 100 && status <= 999;
  log(exchange, status, valid ? body.length : 0);
  return valid ? { status, headers: APP_HEADERS, body } : { close: "fin" };
});

function log({ self, request, url, context }: GoExchange, status: number, length: number): void {
  const span = (6_000 + self.kernel.random.below("http-echo", 40_000)) / 1000;
  const host = header(request, "Host") ?? "";
  const agent = header(request, "User-Agent") ?? "";
  const line = `"${request.method} ${url.path} ${request.version}" ${status} ${length} "${agent}" ${goDuration(span)}`;
  self.log(`${goDate(self.kernel.now)} ${host} ${remoteAddress(context)} ${line}`, 1);
}
