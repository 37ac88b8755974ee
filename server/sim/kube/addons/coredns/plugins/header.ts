import type { DnsMessage } from "../../../../net/index.ts";
import type { Plugin } from "../plugin.ts";

const FLAGS = { aa: "authoritative", ra: "recursionAvailable", rd: "recursionDesired" } as const;

interface Rule {
  readonly flag: keyof typeof FLAGS;
  readonly state: boolean;
}

interface HeaderConfig {
  readonly query: readonly Rule[];
  readonly response: readonly Rule[];
}

/** header: sets or clears flags of queries and answers (plugin/header). */
export const header: Plugin<HeaderConfig> = {
  name: "header",
  setup(c) {
    while (c.next()) {
      const config: { query: Rule[]; response: Rule[] } = { query: [], response: [] };
      while (c.nextBlock()) {
        let selector = c.value.toLowerCase();
        let action = "";
        // In the older form only answers are meant.
        if (selector === "set" || selector === "clear") [action, selector] = [selector, "response"];
        else if (selector !== "query" && selector !== "response")
          throw new Error(`setting up rule: invalid selector=${selector} should be query or response`);
        else if (c.nextArg()) action = c.value;
        config[selector as "query" | "response"].push(...readRules(action, c.remainingArgs()));
      }
      if (config.query.length > 0 || config.response.length > 0) return config;
    }
    throw c.argumentError();
  },
  serve: (config, _block, next) => (query) => {
    const outcome = next(config.query.length === 0 ? query : query.with(changed(query.message, config.query)));
    return outcome.message ? { ...outcome, message: changed(outcome.message, config.response) } : outcome;
  },
};

function changed(message: DnsMessage, rules: readonly Rule[]): DnsMessage {
  return { ...message, ...Object.fromEntries(rules.map(({ flag, state }) => [FLAGS[flag], state])) };
}

function readRules(action: string, args: readonly string[]): Rule[] {
  const problem = (text: string): Error => new Error(`setting up rule: ${text}`);
  if (action === "") throw problem("no flag action provided");
  if (args.length === 0) throw problem("invalid length for flags, at least one should be provided");
  const lower = action.toLowerCase();
  if (lower !== "set" && lower !== "clear") throw problem(`unknown flag action=${lower}, should be set or clear`);
  return args.map((arg) => {
    const flag = arg.toLowerCase();
    if (!Object.hasOwn(FLAGS, flag)) throw problem(`unknown/unsupported flag=${flag}`);
    return { flag: flag as keyof typeof FLAGS, state: lower === "set" };
  });
}
