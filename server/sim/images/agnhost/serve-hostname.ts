import type { DaemonProcess } from "../../host/index.ts";
import { encode, SECOND } from "../../kernel/index.ts";
import { daemonOf, type Service } from "../daemon-network.ts";
import { joinHostPort, remoteAddress } from "../go/http.ts";
import { goFatal, goLog } from "../go/log.ts";
import { goListen, goService } from "../go/server.ts";
import type { AgnhostCommand } from "./command.ts";
import { EXIT } from "./exit-event.ts";

/** test/images/agnhost/serve-hostname/serve_hostname.go */

interface Settings {
  readonly command: "serve-hostname";
  readonly close: boolean;
}

export const serveHostname: AgnhostCommand = {
  name: "serve-hostname",
  flags: [
    { name: "tcp", type: "bool", value: "false" },
    { name: "udp", type: "bool", value: "false" },
    { name: "http", type: "bool", value: "true" },
    { name: "close", type: "bool", value: "false" },
    { name: "port", type: "int", value: "9376" },
  ],
  args: 0,
  start(self, values) {
    const [tcp, udp, http, close] = ["tcp", "udp", "http", "close"].map((name) => isTrue(values[name]!));
    if (http && (tcp || udp)) return goFatal(self, "Can't server TCP/UDP mode and HTTP mode at the same time");
    self.data = { command: "serve-hostname", close: close! } satisfies Settings;
    const address = `:${values.port!}`;
    const failed = (call: string, words: string): void => goFatal(self, `Error from ${call}(): ${words}`);
    if (tcp) {
      const opened = goListen(self, serveHostnameTcp, address);
      if (typeof opened === "string") return failed("net.Listen", opened);
    }
    if (udp) {
      const opened = goListen(self, serveHostnameUdp, address, { protocol: "udp" });
      if (typeof opened === "string") return failed("ListenUDP", opened);
    }
    if (http) {
      const opened = goListen(self, serveHostnameHttp, address);
      if (typeof opened === "string") return goFatal(self, opened);
    }
    goLog(self, `Serving on port ${values.port!}.`);
  },
  signal(self, signal) {
    if (signal !== "SIGTERM") return false;
    goLog(self, "Shutting down after receiving signal: terminated.");
    goLog(self, "Awaiting pod deletion.");
    self.kernel.after(60 * SECOND, EXIT, { machine: self.host.machine.name, pid: self.pid, code: 0 });
    return true;
  },
};

export const serveHostnameHttp = goService("agnhost serve-hostname", ({ self, context }) => {
  goLog(self, `HTTP request from ${remoteAddress(context)}`);
  const { close } = self.data as Settings;
  return { body: encode(self.host.hostname), ...(close ? { headers: [["Connection", "close"]] as const } : {}) };
});

export const serveHostnameTcp: Service = {
  name: "agnhost serve-hostname tcp",
  application: (hosts) => ({
    stream: {
      open(context) {
        const self = daemonOf(hosts, context);
        if (!self) return { close: "reset" };
        goLog(self, `TCP request from ${remoteAddress(context)}`);
        return { bytes: hostname(self), close: "fin" };
      },
      receive: () => ({ close: "reset" }),
    },
  }),
};

export const serveHostnameUdp: Service = {
  name: "agnhost serve-hostname udp",
  application: (hosts) => ({
    datagram(_, context) {
      const self = daemonOf(hosts, context);
      if (!self) return [];
      goLog(self, `UDP request from ${joinHostPort(context.remote.address, context.remote.port)}`);
      return [{ bytes: hostname(self) }];
    },
  }),
};

function hostname(self: DaemonProcess): string {
  return encode(self.host.hostname);
}

function isTrue(value: string): boolean {
  return /^(?:1|[tT]|true|TRUE|True)$/.test(value);
}
