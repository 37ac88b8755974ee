import { elementFor, setHolds, type Side } from "../../ipset/match.ts";
import { addElement, deleteElement, setsOf } from "../../ipset/sets.ts";
import {
  readNumber,
  type MatchExtension,
  type OptionSpec,
  type ReadContext,
  type TargetExtension,
} from "../extension.ts";
import { isProblem, parameter, unsimulated, type Problem } from "../row.ts";

interface SetChoice {
  readonly set: string;
  readonly sides: readonly Side[];
}

interface SetOptions extends SetChoice {
  readonly not?: true;
  readonly nomatch?: true;
  readonly uncounted?: true;
}

/** Whether the set is there is asked for when its name is read, as iptables does (libxt_set.h: get_set_byname). */
function readChoice([set, list]: readonly string[], context: ReadContext): SetChoice | Problem {
  if (set!.length > 31) return parameter(`setname \`${set!}' too long, max 31 characters.`);
  if (context.setDimension(set!) === undefined) return parameter(`Set ${set} doesn't exist.\n`);
  const sides: Side[] = [];
  for (const word of list!.split(",")) {
    if (word !== "src" && word !== "dst")
      return parameter("You must spefify (the comma separated list of) 'src' or 'dst'.");
    sides.push(word);
  }
  return sides.length > 6 ? parameter("Can't be more src/dst options than 6.") : { set: set!, sides };
}

function setOption(name: string): OptionSpec {
  const option = { key: name, words: 2 as const, needs: `--${name} requires two args.`, read: readChoice };
  return name === "match-set" ? { ...option, not: true } : option;
}

function text(choice: SetChoice): string {
  return `${choice.set} ${choice.sides.join(",")}`;
}

const counterMatch: OptionSpec = {
  key: "counter",
  words: 1,
  not: true,
  read: () => unsimulated("-m set --packets-eq"),
};

/** Looks a packet's ends up in an ipset. */
export const set: MatchExtension = {
  kind: "match",
  name: "set",
  options: {
    "--match-set": setOption("match-set"),
    "--set": setOption("match-set"),
    "--return-nomatch": { key: "nomatch", words: 0, read: () => true },
    "--update-counters": { key: "uncounted", words: 0, not: true, read: () => true },
    "--update-subcounters": { key: "subcounters", words: 0, not: true, read: () => true },
    "--packets-eq": counterMatch,
    "--packets-lt": counterMatch,
    "--packets-gt": counterMatch,
    "--bytes-eq": counterMatch,
    "--bytes-lt": counterMatch,
    "--bytes-gt": counterMatch,
  },
  twice: () => "--match-set can be specified only once",
  finish(given) {
    const wish = given.get("match-set");
    if (!wish) return parameter("You must specify `--match-set' with proper arguments");
    return {
      ...(wish.value as SetChoice),
      ...(wish.not ? { not: true as const } : {}),
      ...(given.has("nomatch") ? { nomatch: true as const } : {}),
      ...(given.get("uncounted")?.not ? { uncounted: true as const } : {}),
    };
  },
  sets: (options) => [options["set"] as string],
  save(options) {
    const wish = options as unknown as SetOptions;
    const flags = `${wish.nomatch ? " --return-nomatch" : ""}${wish.uncounted ? " ! --update-counters" : ""}`;
    return `${wish.not ? " !" : ""} --match-set ${text(wish)}${flags}`;
  },
  list(options) {
    const wish = options as unknown as SetOptions;
    const flags = `${wish.nomatch ? " return-nomatch" : ""}${wish.uncounted ? " ! update-counters" : ""}`;
    return `${wish.not ? " !" : ""} match-set ${text(wish)}${flags}`;
  },
  compile(options) {
    const wish = options as unknown as SetOptions;
    const how = { nomatch: wish.nomatch ?? false, count: !wish.uncounted };
    return (packet, at) => setHolds(at.ns, wish.set, wish.sides, packet, at, how) !== (wish.not ?? false);
  },
};

interface ChangeOptions {
  readonly add?: SetChoice;
  readonly del?: SetChoice;
  readonly exist?: true;
  readonly timeout?: number;
}

/** Puts a packet's ends into an ipset, or takes them out. */
export const SET: TargetExtension = {
  kind: "target",
  name: "SET",
  options: {
    "--add-set": setOption("add-set"),
    "--del-set": setOption("del-set"),
    "--map-set": { key: "map", words: 2, read: () => unsimulated("-j SET --map-set") },
    "--exist": { key: "exist", words: 0, read: () => true },
    "--timeout": {
      key: "timeout",
      words: 1,
      read: ([seconds]) =>
        readNumber(seconds!) ?? parameter(`Invalid value for option --timeout or out of range 0-4294967294`),
    },
  },
  twice: (key) => `--${key} can be specified only once`,
  finish(given) {
    const [add, del] = [given.get("add-set"), given.get("del-set")];
    if (!add && !del) return parameter("You must specify either `--add-set' or `--del-set' or `--map-set'");
    const timeout = given.get("timeout")?.value;
    return {
      ...(add ? { add: add.value } : {}),
      ...(del ? { del: del.value } : {}),
      ...(given.has("exist") ? { exist: true } : {}),
      ...(timeout === undefined || isProblem(timeout) ? {} : { timeout }),
    };
  },
  sets(options) {
    const { add, del } = options as ChangeOptions;
    return [...(add ? [add.set] : []), ...(del ? [del.set] : [])];
  },
  save: (options) => changeText(options, " --"),
  list: (options) => changeText(options, " "),
  compile(options) {
    const { add, del, exist, timeout } = options as ChangeOptions;
    return (packet, at) => {
      const into = add && setsOf(at.ns).get(add.set);
      const key = into && elementFor(at.ns, into, add.sides, packet, at);
      if (into && key !== undefined)
        addElement(at.ns, into, { key, ...(timeout === undefined ? {} : { timeout }) }, exist);
      const from = del && setsOf(at.ns).get(del.set);
      const gone = from && elementFor(at.ns, from, del.sides, packet, at);
      if (from && gone !== undefined) deleteElement(at.ns, from, gone, true);
      return "continue";
    };
  },
};

function changeText(options: ChangeOptions, before: string): string {
  const { add, del, exist, timeout } = options;
  const added = add ? `${before}add-set ${text(add)}` : "";
  const flags = `${exist ? `${before}exist` : ""}${timeout === undefined ? "" : `${before}timeout ${timeout}`}`;
  return `${added}${flags}${del ? `${before}del-set ${text(del)}` : ""}`;
}
