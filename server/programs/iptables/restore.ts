import { readAll, type Process, type Program } from "../../sim/host/index.ts";
import { isTable, namespaceOf, restoreRules, type RestoreProblem } from "../../sim/net/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { attempt, Errno } from "../../sim/host/index.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { parseOptions } from "../options.ts";
import { hint, notPermitted, type Complaint } from "./complain.ts";
import { ruleNames } from "./names.ts";
import { versionText, type Variant } from "./variant.ts";

const FLAGS = {
  counters: { short: "c", long: "counters" },
  verbose: { short: "v", long: "verbose" },
  version: { short: "V", long: "version" },
  test: { short: "t", long: "test" },
  help: { short: "h", long: "help" },
  noflush: { short: "n", long: "noflush" },
  wait: { short: "w", long: "wait", arg: "seconds", optional: true },
  interval: { short: "W", long: "wait-interval", arg: "usecs", optional: true },
  modprobe: { short: "M", long: "modprobe", arg: "program" },
  table: { short: "T", long: "table", arg: "table" },
  four: { short: "4", long: "ipv4" },
  six: { short: "6", long: "ipv6" },
} as const;

export function restoreProgram(variant: Variant): Program {
  return {
    name: variant.program,
    summary: "restore IP tables",
    async run(process, args) {
      const options = parseOptions(FLAGS, joinWait(args));
      if ("notSimulated" in options) return 64;
      if ("problem" in options) {
        await process.error(
          `${variant.program}: ${options.problem}\nTry \`${variant.program} -h' for more information.\n`,
        );
        return 1;
      }
      if (options.has("version")) {
        await process.print(`${versionText(process, variant)}\n`);
        return 0;
      }
      if (options.has("help") || options.has("verbose")) {
        await process.error(
          `drydock: ${variant.program}: '${options.has("help") ? "--help" : "-v"}' is not simulated\n`,
        );
        return 64;
      }
      const [file, more] = options.operands;
      if (more !== undefined) {
        await process.error("Unknown arguments found on commandline\n");
        return 1;
      }
      const text = await input(process, file);
      if (text instanceof Errno) {
        await process.error(`Can't open ${file!}: ${text.message}\n`);
        return 1;
      }
      if (!mayAdminNetwork(process)) return tell(process, notPermitted(process, variant));
      const wanted = options.value("table");
      const table = wanted !== undefined && isTable(wanted) ? wanted : undefined;
      // No table is of that name, so that nothing is restored.
      if (wanted !== undefined && table === undefined) return 0;
      const problem = restoreRules(namespaceOf(process), text, {
        noflush: options.has("noflush"),
        counters: options.has("counters"),
        test: options.has("test"),
        ...(table === undefined ? {} : { table }),
        family: variant.family,
        backend: variant.backend,
        ...ruleNames(process, variant),
      });
      return problem ? tell(process, complaintOf(process, variant, problem)) : 0;
    },
  };
}

/** The seconds behind `-w` may be a word of their own (xtables_parse_wait). */
function joinWait(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of args) {
    const waits = ["-w", "-W"].includes(joined.at(-1) ?? "") && /^\d/.test(word);
    if (waits) joined.push(`${joined.pop()!}${word}`);
    else joined.push(word);
  }
  return joined;
}

async function input(process: Process, file: string | undefined): Promise<string | Errno> {
  if (file !== undefined) return attempt(() => decode(process.host.files.read(file, process)));
  return decode((await readAll(process, process.fds.get(0), process.kernel.limits.memory)) ?? "");
}

async function tell(process: Process, { text, status }: Complaint): Promise<number> {
  await process.error(text);
  return status;
}

/** iptables/xtables-restore.c; what the kernel refuses is told with the line that it was on (nft.c: nft_action). */
function complaintOf(process: Process, variant: Variant, { line, kind, problem }: RestoreProblem): Complaint {
  const { program } = variant;
  const version = versionText(process, variant);
  if (problem.unsimulated !== undefined)
    return { text: `drydock: ${program}: '${problem.unsimulated}' is not simulated\n`, status: 64 };
  if (variant.backend === "legacy") return legacyComplaint(process, variant, { line, kind, problem });
  switch (kind) {
    case "policy":
      if (problem.problem !== "parameter")
        return { text: `${program}: line ${line} failed: ${problem.text}\n`, status: 1 };
      return {
        text: `${version}: ${shownPolicy(program, line, problem.text)}\nError occurred at line: ${line}\n${hint(program)}`,
        status: 2,
      };
    case "syntax":
      return { text: `${program}: line ${line} failed\n`, status: 1 };
    case "unfinished":
      return { text: `${program}: COMMIT expected at line ${line}\n`, status: 1 };
    case "kernel":
      return { text: `${version}: \nline ${line}: ${problem.text.trim()}\n`, status: 4 };
    case "table":
      return {
        text: `${version}: ${program}: line ${line} ${problem.text}\nError occurred at line: ${line}\n${hint(program)}`,
        status: 2,
      };
    default: {
      if (problem.problem === "argument")
        return { text: `${problem.text}\nError occurred at line: ${line}\n${hint(program)}`, status: 2 };
      if (problem.text === "need ]")
        return {
          text: `${version}: Bad line ${line}: need ]\nError occurred at line: ${line}\n${hint(program)}`,
          status: 2,
        };
      if (problem.problem === "parameter")
        return { text: `${version}: ${problem.text}\nError occurred at line: ${line}\n${hint(program)}`, status: 2 };
      return { text: `${program}: line ${line} failed: ${problem.text}\n`, status: 1 };
    }
  }
}

/** Two of them name the line, as those of the table do. */
function shownPolicy(program: string, line: number, text: string): string {
  return text === "chain name invalid" || text === "policy invalid" ? `${program}: line ${line} ${text}` : text;
}

/** iptables/iptables-restore.c: what the kernel refuses has no words there. */
function legacyComplaint(process: Process, variant: Variant, { line, kind, problem }: RestoreProblem): Complaint {
  const { program } = variant;
  const version = versionText(process, variant);
  const hinted = (text: string): Complaint => ({
    text: `${text}\nError occurred at line: ${line}\n${hint(program)}`,
    status: 2,
  });
  if (kind === "unfinished") return { text: `${program}: COMMIT expected at line ${line}\n`, status: 1 };
  if (kind === "table") {
    const name = /'(.*)'/.exec(problem.text)?.[1];
    const why = name === undefined ? `line ${line} ${problem.text}` : `unable to initialize table '${name}'`;
    return hinted(`${version}: ${program}: ${why}`);
  }
  if (kind === "policy" && problem.problem === "other")
    return {
      text: `${version}: Can't set policy \`${problem.policy?.[1] ?? ""}' on \`${problem.policy?.[0] ?? ""}' line ${line}: Bad policy name\n`,
      status: 1,
    };
  if (problem.problem === "argument") return hinted(problem.text);
  if (problem.problem === "parameter") return hinted(`${version}: ${problem.text}`);
  return { text: `${program}: line ${line} failed\n`, status: 1 };
}
