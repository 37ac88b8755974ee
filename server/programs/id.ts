import type { User } from "../sim/host/index.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const id = tool({
  name: "id",
  package: "coreutils",
  summary: "print real and effective user and group IDs",
  usage: ["[OPTION]... [USER]..."],
  about: "Print user and group information for each specified USER,\nor (when USER omitted) for the current process.",
  flags: {
    ignored: { short: "a", help: "ignore, for compatibility with other versions" },
    context: { short: "Z", long: "context", simulated: false },
    group: { short: "g", long: "group", help: "print only the effective group ID" },
    groups: { short: "G", long: "groups", help: "print all group IDs" },
    name: { short: "n", long: "name", help: "print a name instead of a number, for -ugG" },
    real: { short: "r", long: "real", help: "print the real ID instead of the effective ID, with -ugG" },
    user: { short: "u", long: "user", help: "print only the effective user ID" },
    zero: { short: "z", long: "zero", help: "delimit entries with NUL characters, not whitespace" },
  },
  async run(call) {
    const { process, operands } = call;
    const { users } = process.host;
    const chosen = (["user", "group", "groups"] as const).filter((flag) => call.has(flag));
    if (chosen.length > 1) return call.fail('cannot print "only" of more than one choice');
    if (chosen.length === 0 && (call.has("name") || call.has("real")))
      return call.fail("cannot print only names or real IDs in default format");
    if (chosen.length === 0 && call.has("zero")) return call.fail("option --zero not permitted in default format");
    if (operands.length === 0) {
      await show(call, process, chosen[0]);
      return call.status;
    }
    for (const name of operands) {
      const user: User | undefined = users.byName(name) ?? (/^\d+$/.test(name) ? users.byUid(Number(name)) : undefined);
      if (user) await show(call, users.credentials(user), chosen[0]);
      else await call.warn(`${call.quote(name)}: no such user`);
    }
    return call.status;
  },
});

interface Ids {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

async function show(call: Call<string>, ids: Ids, what: "user" | "group" | "groups" | undefined): Promise<void> {
  const { users } = call.process.host;
  const end = call.has("zero") ? "\0" : "\n";
  const userName = users.byUid(ids.uid)?.name;
  const all = [ids.gid, ...ids.groups.filter((gid) => gid !== ids.gid)];
  const word = async (name: string | undefined, number: number, kind: string): Promise<string> => {
    if (!call.has("name")) return String(number);
    if (name === undefined) await call.warn(`cannot find name for ${kind} ID ${number}`);
    return name ?? String(number);
  };
  if (what === "user") return await call.out.print((await word(userName, ids.uid, "user")) + end);
  if (what === "group")
    return await call.out.print((await word(users.groupByGid(ids.gid)?.name, ids.gid, "group")) + end);
  if (what === "groups") {
    const words: string[] = [];
    for (const gid of all) words.push(await word(users.groupByGid(gid)?.name, gid, "group"));
    return await call.out.print(call.has("zero") ? words.map((each) => `${each}\0`).join("") : `${words.join(" ")}\n`);
  }
  const named = (number: number, name: string | undefined): string =>
    `${number}${name === undefined ? "" : `(${name})`}`;
  const groups = all.map((gid) => named(gid, users.groupByGid(gid)?.name)).join(",");
  await call.out.print(
    `uid=${named(ids.uid, userName)} gid=${named(ids.gid, users.groupByGid(ids.gid)?.name)} groups=${groups}\n`,
  );
}
