import { encode } from "../../kernel/index.ts";
import { daemonOf, type Service } from "../daemon-network.ts";
import { goLog } from "../go/log.ts";
import { goListen, goService } from "../go/server.ts";
import type { AgnhostCommand } from "./command.ts";

/** test/images/agnhost/porter/porter.go: `SERVE_PORT_80=hello` answers `hello` on port 80. */
export const porter: AgnhostCommand = {
  name: "porter",
  flags: [{ name: "json-response", type: "bool", value: "false" }],
  args: 0,
  start(self, values) {
    const json = values["json-response"] === "true";
    for (const [name, value] of Object.entries(self.env)) {
      const match = /^SERVE_(TCP_|UDP_|TLS_|SCTP_|)PORT_(.+)$/.exec(name);
      if (!match) continue;
      const [, kind, port] = match as unknown as [string, string, string];
      if (kind === "TLS_" || kind === "SCTP_") {
        self.log(`drydock: agnhost: '${name}' is not simulated`);
        return self.exit(64);
      }
      const udp = kind === "UDP_";
      const opened = goListen(self, udp ? porterUdp : porterService, `0.0.0.0:${port}`, {
        protocol: udp ? "udp" : "tcp",
        with: { value, json },
      });
      if (typeof opened === "string")
        goLog(
          self,
          udp ? `UDP: failed to listen on port ${port}: ${opened}` : `server on port "${port}" failed: ${opened}`,
        );
      else if (udp) goLog(self, `Started UDP server on port ${port}`);
    }
  },
};

interface Port {
  readonly value: string;
  readonly json: boolean;
}

export const porterService = goService("agnhost porter", ({ request, context }) => {
  const { value, json } = context.args as Port;
  if (!json) return { body: encode(value) };
  const body = encode(JSON.stringify({ Method: request.method, Body: value }));
  return { headers: [["Content-Type", "application/json"]], body };
});

export const porterUdp: Service = {
  name: "agnhost porter udp",
  application: (hosts) => ({
    datagram: (_, context) => (daemonOf(hosts, context) ? [{ bytes: encode((context.args as Port).value) }] : []),
  }),
};
