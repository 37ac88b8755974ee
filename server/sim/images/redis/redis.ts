import { programVersion, type Daemon, type DaemonProcess, type Hosts, strerror } from "../../host/index.ts";
import { calendar, decode, MONTHS, pad, type Bytes } from "../../kernel/index.ts";
import { daemonOf, listen, type Service } from "../daemon-network.ts";
import { type StreamAnswer } from "../../net/index.ts";
import { runCommand, type Keys } from "./commands.ts";

/** redis-server: listens, and knows the few commands that a check or a learner types. */
export const redisServer: Daemon = {
  name: "redis-server",
  summary: "key-value store",
  start(self) {
    const args = self.argv.slice(1);
    if (args[0] === "--version" || args[0] === "-v") {
      self.log(`Redis server v=${programVersion(self)} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0`, 1);
      return self.exit(0);
    }
    const port = option(args, "--port") ?? "6379";
    const unknown = args.find(
      (word) => word.startsWith("--") && !["--port", "--bind", "--protected-mode"].includes(word),
    );
    if (unknown !== undefined || (args[0] !== undefined && !args[0].startsWith("--"))) {
      self.log(`drydock: redis-server: '${unknown ?? args[0]!}' is not simulated`);
      return self.exit(64);
    }
    log(self, "C", "*", "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo");
    log(
      self,
      "C",
      "*",
      `Redis version=${programVersion(self)}, bits=64, commit=00000000, modified=0, pid=${self.host.pidOf(self.row)}, just started`,
    );
    if (args.length > 0) log(self, "C", "*", "Configuration loaded");
    else
      log(
        self,
        "C",
        "#",
        "Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf",
      );
    log(self, "M", "*", "monotonic clock: POSIX clock_gettime");
    self.data = {} satisfies Keys;
    for (const address of (option(args, "--bind") ?? "0.0.0.0 ::").split(" ")) {
      // As anetV6Only: the socket for IPv6 leaves IPv4 to the other one.
      const v6 = address.includes(":") ? { v6only: true } : {};
      const opened = listen(self, redisService, { address, port: Number(port), backlog: 511, ...v6 });
      if (typeof opened !== "string") continue;
      log(
        self,
        "M",
        "#",
        `Warning: Could not create server TCP listening socket ${address === "0.0.0.0" ? "*" : address}:${port}: bind: ${strerror(opened)}`,
      );
      log(self, "M", "#", `Failed listening on port ${port} (tcp), aborting.`);
      return self.exit(1);
    }
    log(self, "M", "*", `Running mode=standalone, port=${port}.`);
    log(self, "M", "*", "Server initialized");
    log(self, "M", "*", "Ready to accept connections tcp");
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    const pid = self.host.pidOf(self.row);
    self.log(
      `${pid}:signal-handler (${Math.floor(self.kernel.now / 1e6)}) Received ${signal} scheduling shutdown...`,
      1,
    );
    log(self, "M", "*", "User requested shutdown...");
    log(self, "M", "*", "Saving the final RDB snapshot before exiting.");
    log(self, "M", "*", "DB saved on disk");
    log(self, "M", "#", "Redis is now ready to exit, bye bye...");
    self.exit(0);
    return true;
  },
};

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

/** `1:M 21 Nov 2025 10:00:00.123 * Ready to accept connections tcp` */
function log(self: DaemonProcess, role: "C" | "M", level: "*" | "#", message: string): void {
  const { year, month, day, hour, minute, second, micros } = calendar(self.kernel.now);
  const clock = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(Math.floor(micros / 1000), 3)}`;
  const date = `${pad(day, 2)} ${MONTHS[month - 1]!.slice(0, 3)} ${year} ${clock}`;
  self.log(`${self.host.pidOf(self.row)}:${role} ${date} ${level} ${message}`, 1);
}

export const redisService: Service = {
  name: "redis",
  application: (hosts: Hosts) => ({
    stream: {
      receive(bytes, context, memory) {
        const self = daemonOf(hosts, context);
        return self ? answer(self, ((memory as string | undefined) ?? "") + bytes) : { close: "reset" };
      },
    },
  }),
};

function answer(self: DaemonProcess, bytes: Bytes): StreamAnswer {
  let out = "";
  for (let rest = bytes; ;) {
    const read = readCommand(rest);
    if (!read) return { bytes: out, memory: rest };
    rest = read.rest;
    if (read.words.length === 0) continue;
    const { reply, keys, quit } = runCommand(read.words, self.data as Keys);
    if (keys) self.data = keys;
    out += reply;
    if (quit) return { bytes: out, close: "fin" };
  }
}

/** A command as clients send it (`*2\r\n$4\r\nECHO\r\n…`), or typed in a line. Undefined if more has to come. */
function readCommand(bytes: Bytes): { words: string[]; rest: Bytes } | undefined {
  const end = bytes.indexOf("\n");
  if (end < 0) return undefined;
  const line = bytes.slice(0, end).replace(/\r$/, "");
  if (!line.startsWith("*"))
    return {
      words: decode(line)
        .split(/\s+/)
        .filter((word) => word !== ""),
      rest: bytes.slice(end + 1),
    };
  const words: string[] = [];
  let at = end + 1;
  for (let left = Number(line.slice(1)); left > 0; left--) {
    const close = bytes.indexOf("\r\n", at);
    if (close < 0) return undefined;
    const length = Number(bytes.slice(at + 1, close));
    if (bytes.length < close + 2 + length + 2) return undefined;
    words.push(bytes.slice(close + 2, close + 2 + length));
    at = close + 4 + length;
  }
  return { words, rest: bytes.slice(at) };
}
