import { tool } from "./gnu/tool.ts";

export const groups = tool({
  name: "groups",
  package: "coreutils",
  summary: "print the groups a user is in",
  usage: ["[OPTION]... [USERNAME]..."],
  about:
    "Print group memberships for each USERNAME or, if no USERNAME is specified, for\nthe current process (which may differ if the groups database has changed).",
  flags: {},
  async run(call) {
    const { users } = call.process.host;
    const names = (gids: readonly number[]): string =>
      gids.map((gid) => users.groupByGid(gid)?.name ?? String(gid)).join(" ");
    if (call.operands.length === 0) {
      const { gid, groups: others } = call.process;
      await call.out.print(`${names([gid, ...others.filter((other) => other !== gid)])}\n`);
      return 0;
    }
    for (const name of call.operands) {
      const user = users.byName(name);
      if (user) await call.out.print(`${name} : ${names(users.credentials(user).groups)}\n`);
      else await call.warn(`${call.quote(name)}: no such user`);
    }
    return call.status;
  },
});
