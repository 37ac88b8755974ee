import { attempt, Errno, errnoNumber, signalNumber, type DaemonProcess, type Signal } from "../../host/index.ts";
import type { NginxConfig } from "./config.ts";
import { errorLog } from "./log.ts";
import { pidPath } from "./pid-file.ts";

const SIGNALS: Readonly<Record<string, Signal>> = {
  stop: "SIGTERM",
  quit: "SIGQUIT",
  reopen: "SIGUSR1",
  reload: "SIGHUP",
};

/** `nginx -s reload`: tells the master whose number is in the pid file. */
export function sendSignal(self: DaemonProcess, config: NginxConfig, name: string): void {
  const pid = self.host.pidOf(self.row);
  const fail = (message: string): void => {
    errorLog(self, config.main, "error", pid, message);
    self.log(`nginx: [error] ${message}`);
    self.exit(1);
  };
  errorLog(self, config.main, "notice", pid, "signal process started");
  const path = pidPath(config);
  const text = attempt(() => self.host.files.read(path, self));
  if (text instanceof Errno) return fail(`open() "${path}" failed (${errnoNumber(text.code)}: ${text.message})`);
  const number = text.replace(/[\r\n]+$/, "");
  if (!/^[1-9]\d*$/.test(number)) return fail(`invalid PID number "${number}" in "${path}"`);
  const row = self.host.processByPid(Number(number));
  if (!row) return fail(`kill(${number}, ${signalNumber(SIGNALS[name]!)}) failed (3: No such process)`);
  self.host.machine.signal(row.pid, SIGNALS[name]!);
  self.exit(0);
}
