import type { Host } from "../sim/host/index.ts";
import { tool } from "./gnu/tool.ts";
import { libcOf } from "./netdb/libc.ts";

const UNKNOWN = "unknown";

export const uname = tool({
  name: "uname",
  package: "coreutils",
  summary: "print system information",
  usage: ["[OPTION]..."],
  about: "Print certain system information.  With no OPTION, same as -s.",
  flags: {
    all: { short: "a", long: "all", help: "print all information, except omit -p and -i if unknown" },
    kernel: { short: "s", long: "kernel-name", help: "print the kernel name" },
    node: { short: "n", long: "nodename", help: "print the network node hostname" },
    release: { short: "r", long: "kernel-release", help: "print the kernel release" },
    kernelVersion: { short: "v", long: "kernel-version", help: "print the kernel version" },
    machine: { short: "m", long: "machine", help: "print the machine hardware name" },
    processor: { short: "p", long: "processor", help: "print the processor type (non-portable)" },
    platform: { short: "i", long: "hardware-platform", help: "print the hardware platform (non-portable)" },
    system: { short: "o", long: "operating-system", help: "print the operating system" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length > 0) return call.usage(`extra operand ${call.quote(operands[0]!)}`);
    const { host } = process;
    const { kernelRelease, kernelVersion, architecture } = host.hosts.profile(host.machine.row.profile);
    const processor = tellsProcessor(host) ? architecture : UNKNOWN;
    const words = {
      kernel: "Linux",
      node: host.hostname,
      release: kernelRelease,
      kernelVersion,
      machine: architecture,
      processor,
      platform: processor,
      system: libcOf(host) === "musl" ? "Linux" : "GNU/Linux",
    };
    const names = Object.keys(words) as (keyof typeof words)[];
    const chosen = call.has("all")
      ? names.filter((name) => words[name] !== UNKNOWN)
      : names.filter((name) => call.has(name));
    await call.out.print(
      `${(chosen.length > 0 ? chosen : (["kernel"] as const)).map((name) => words[name]).join(" ")}\n`,
    );
    return 0;
  },
});

/** Ubuntu's uname tells the machine as processor and platform; elsewhere Linux knows neither. */
function tellsProcessor(host: Host): boolean {
  return /^ID=ubuntu$/m.test(host.readText("/etc/os-release") ?? "");
}
