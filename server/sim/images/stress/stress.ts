import { allocate, type Daemon, type DaemonProcess, type Hosts } from "../../host/index.ts";
import { MILLISECOND, SECOND } from "../../kernel/index.ts";

export const STRESS_EVENTS = { run: "stress/run", end: "stress/end" } as const;

/** From the start of a worker until it has touched all its memory. */
const FILL = 200 * MILLISECOND;
const UNITS: Readonly<Record<string, number>> = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };
const SPANS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 };

interface Hogs {
  readonly cpu: number;
  readonly io: number;
  readonly vm: number;
  readonly vmBytes: number;
  readonly vmHang: boolean;
  readonly hdd: number;
  /** Seconds; 0 for ever. */
  readonly timeout: number;
}

/** Amos Waterland's stress 1.0: keeps processors busy and takes memory, which limits and metrics then see. */
export const stress: Daemon = {
  name: "stress",
  summary: "imposes load on and stresses a computer system",
  start(self) {
    const hogs = readArguments(self.argv.slice(1));
    if (typeof hogs === "string") {
      self.log(hogs);
      return self.exit(hogs.startsWith("drydock") ? 64 : 1);
    }
    const { pid } = self;
    self.log(
      `stress: info: [${self.host.pidOf(self.row)}] dispatching hogs: ${hogs.cpu} cpu, ${hogs.io} io, ${hogs.vm} vm, ${hogs.hdd} hdd`,
      1,
    );
    const worker = (busy: number): number => {
      const { onExit: _, pid: __, nspid: ___, startedAt: ____, state: _____, ...row } = self.row;
      const child = self.host.machine.addProcess(self.host, { ...row, ppid: pid });
      self.host.machine.updateProcess(child, { busy });
      return child;
    };
    for (let count = 0; count < hogs.cpu; count++) worker(1);
    for (let count = 0; count < hogs.vm; count++) {
      const child = worker(hogs.vmHang ? 0 : 1);
      self.kernel.after(FILL, STRESS_EVENTS.run, { machine: self.host.machine.name, pid: child, bytes: hogs.vmBytes });
    }
    if (hogs.timeout > 0)
      self.kernel.after(hogs.timeout * SECOND, STRESS_EVENTS.end, {
        machine: self.host.machine.name,
        pid,
        seconds: hogs.timeout,
      });
  },
};

/** Binds what stress does later than at its start. Once per world. */
export function bindStress(hosts: Hosts): void {
  hosts.kernel.handle(STRESS_EVENTS.run, (args: { machine: string; pid: number; bytes: number }) => {
    const machine = hosts.machine(args.machine);
    if (machine.isAlive(args.pid)) allocate(machine, args.pid, args.bytes);
  });
  hosts.kernel.handle(STRESS_EVENTS.end, (args: { machine: string; pid: number; seconds: number }) => {
    const self: DaemonProcess | undefined = hosts.machine(args.machine).daemon(args.pid)?.self;
    if (!self?.alive) return;
    self.log(`stress: info: [${self.host.pidOf(self.row)}] successful run completed in ${args.seconds}s`, 1);
    self.exit(0);
  });
}

/** The options that it knows; a string says what is wrong. */
function readArguments(args: readonly string[]): Hogs | string {
  const hogs = { cpu: 0, io: 0, vm: 0, vmBytes: 256 * UNITS["M"]!, vmHang: false, hdd: 0, timeout: 0 };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const value = (): string => args[++at] ?? "";
    const number = (): number | string => {
      const text = value();
      const match = /^(\d+)([BKMGsmhdy]?)$/.exec(text);
      if (!match) return `stress: FAIL: [1] (244) not a number: ${text}`;
      return Number(match[1]) * (UNITS[match[2]!] ?? SPANS[match[2]!] ?? 1);
    };
    const set = (key: "cpu" | "io" | "vm" | "vmBytes" | "hdd" | "timeout"): string | undefined => {
      const read = number();
      if (typeof read === "string") return read;
      hogs[key] = read;
      return undefined;
    };
    let wrong: string | undefined;
    if (arg === "--cpu" || arg === "-c") wrong = set("cpu");
    else if (arg === "--vm" || arg === "-m") wrong = set("vm");
    else if (arg === "--vm-bytes") wrong = set("vmBytes");
    else if (arg === "--timeout" || arg === "-t") wrong = set("timeout");
    else if (arg === "--vm-hang") {
      hogs.vmHang = true;
      at++;
    } else if (arg === "--vm-keep" || arg === "--verbose" || arg === "-v" || arg === "--quiet" || arg === "-q")
      continue;
    else if (["--io", "-i", "--hdd", "-d", "--hdd-bytes", "--vm-stride", "--backoff"].includes(arg))
      return `drydock: stress: '${arg}' is not simulated`;
    else return `stress: FAIL: [1] (189) unrecognized option: ${arg}`;
    if (wrong !== undefined) return wrong;
  }
  return hogs;
}
