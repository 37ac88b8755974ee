import type { DaemonProcess } from "../../host/index.ts";
import { goDate } from "../go/log.ts";
import { ConfError, NotSimulated } from "./conf-error.ts";
import { recordSource } from "./conf-source.ts";
import { loadConfig } from "./config.ts";

/**
 * What `nginx -c PATH -t` would print about a text that is not in a file yet, as that process; undefined if it is right.
 * `version` may name a build.
 */
export function testNginxText(self: DaemonProcess, path: string, text: string, version: string): string | undefined {
  const start = { path, prefix: "/etc/nginx", global: "", version };
  const { world } = recordSource(self, start);
  const over = { ...world, file: (name: string) => (name === path ? { text } : world.file(name)) };
  try {
    loadConfig(over, start, { isRoot: self.uid === 0, warn: () => {} });
    return undefined;
  } catch (error) {
    if (error instanceof NotSimulated) return `drydock: nginx: ${error.message} is not simulated`;
    if (!(error instanceof ConfError)) throw error;
    const pid = self.host.pidOf(self.row);
    const { message } = error;
    return `${goDate(self.kernel.now)} [emerg] ${pid}#${pid}: ${message}\nnginx: [emerg] ${message}\nnginx: configuration file ${path} test failed\n`;
  }
}
