import type { MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";
import { hasState, readStates, STATE_NAMES, type StateName } from "./state-names.ts";

interface StateOptions {
  readonly states: readonly StateName[];
  readonly not?: true;
}

/** The old name of `conntrack --ctstate`; it prints INVALID, NEW, RELATED, ESTABLISHED, UNTRACKED. */
export const state: MatchExtension = {
  kind: "match",
  name: "state",
  tracks: true,
  options: {
    "--state": { key: "state", words: 1, not: true, read: ([text]) => readStates("state", text!) },
  },
  finish(given) {
    const wish = given.get("state");
    if (!wish) return parameter('state: option "--state" must be specified\n');
    return { states: wish.value, ...(wish.not ? { not: true as const } : {}) };
  },
  save(options) {
    const { states, not } = options as unknown as StateOptions;
    return `${not ? " !" : ""} --state ${names(states)}`;
  },
  list(options) {
    const { states, not } = options as unknown as StateOptions;
    return `${not ? " !" : ""} state ${names(states)}`;
  },
  compile(options) {
    const { states, not = false } = options as unknown as StateOptions & { not?: boolean };
    return (packet) => hasState(packet.tracking, states) !== not;
  },
};

function names(states: readonly StateName[]): string {
  return STATE_NAMES.filter((name) => states.includes(name)).join(",");
}
