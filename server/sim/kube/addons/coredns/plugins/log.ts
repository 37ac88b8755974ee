import { dnsMessageSize } from "../size.ts";
import type { DnsMessage, Rcode } from "../../../../net/index.ts";
import { fqdn, inZone } from "../corefile/zone.ts";
import type { Plugin } from "../plugin.ts";
import type { Query } from "../query.ts";
import { typeText } from "../record-type.ts";
import { classify, typify } from "../reply.ts";

interface Rule {
  readonly scope: string;
  readonly format: string;
  /** `all`, or classes of response. */
  readonly classes: readonly string[];
}

const COMMON =
  '{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}';
const COMBINED = `${COMMON} "{>opcode}"`;

/** log: one line for each query (plugin/log, plugin/pkg/replacer). */
export const log: Plugin<readonly Rule[]> = {
  name: "log",
  setup(c) {
    const rules: Rule[] = [];
    while (c.next()) {
      const args = c.remainingArgs();
      const last = args[args.length - 1];
      const hasFormat = args.length > 1 && last!.includes("{");
      const format = !hasFormat ? COMMON : last === "{common}" ? COMMON : last === "{combined}" ? COMBINED : last!;
      const scopes = args.length === 0 ? ["."] : hasFormat ? args.slice(0, -1) : args;
      const classes = new Set<string>();
      while (c.nextBlock()) {
        if (c.value !== "class") throw c.argumentError();
        const given = c.remainingArgs();
        if (given.length === 0) throw c.argumentError();
        for (const name of given) {
          if (!["all", "success", "denial", "error"].includes(name)) throw new Error(`invalid Class: ${name}`);
          classes.add(name);
        }
      }
      for (const scope of scopes)
        rules.push({ scope: fqdn(scope.toLowerCase()), format, classes: classes.size === 0 ? ["all"] : [...classes] });
    }
    return rules;
  },
  serve:
    (rules, { instance }, next) =>
    (query) => {
      const rule = rules.find(({ scope }) => inZone(query.name, scope));
      if (!rule) return next(query);
      const before = query.clock.elapsed;
      const outcome = next(query);
      const { message } = outcome;
      if (rule.classes.includes("all") || rule.classes.includes(classify(typify(message)))) {
        const taken = query.clock.elapsed - before + instance.thinking();
        instance.logAt(query.now, "INFO", line(rule.format, query, message, taken));
      }
      return outcome;
    },
};

function line(format: string, query: Query, message: DnsMessage | undefined, micros: number): string {
  const { context, question } = query;
  const address = (text: string): string => (text.includes(":") ? `[${text}]` : text);
  const values: Readonly<Record<string, () => string>> = {
    "{type}": () => typeText(question.type),
    "{name}": () => query.qname,
    "{class}": () => question.class,
    "{proto}": () => query.protocol,
    "{size}": () => String(dnsMessageSize(query.message)),
    "{remote}": () => address(context.remote.address),
    "{port}": () => String(context.remote.port),
    "{local}": () => address(context.local.address),
    "{rcode}": () => (message ? rcodeText(message.rcode) : "-"),
    "{rsize}": () => String(message ? dnsMessageSize(message) : 0),
    "{duration}": () => `${seconds(micros)}s`,
    "{>rflags}": () => (message ? flags(message) : "-"),
    "{>id}": () => String(query.message.id),
    "{>opcode}": () => String(query.message.opcode),
    "{>do}": () => String(query.dnssecOk),
    "{>bufsize}": () => String(query.bufferSize),
  };
  return format.replaceAll(/\{[^{}]*\}/g, (word) => values[word]?.() ?? word);
}

function rcodeText(rcode: Rcode): string {
  return rcode.startsWith("RCODE") ? rcode.slice(5) : rcode;
}

/** `qr,aa,rd`: the header's flags in the order in which replacer.go writes them. */
function flags(message: DnsMessage): string {
  return [
    message.response ? "qr" : "",
    message.authoritative ? "aa" : "",
    message.truncated ? "tc" : "",
    message.recursionDesired ? "rd" : "",
    message.recursionAvailable ? "ra" : "",
    message.authenticData ? "ad" : "",
    message.checkingDisabled ? "cd" : "",
  ]
    .filter((flag) => flag !== "")
    .join(",");
}

/** Nanoseconds as seconds, without zeros at the end: strconv.FormatFloat(…, 'f', -1, 64). */
function seconds(micros: number): string {
  const text = (Math.round(micros * 1000) / 1_000_000_000).toFixed(9);
  return text.replace(/\.?0+$/, "");
}
