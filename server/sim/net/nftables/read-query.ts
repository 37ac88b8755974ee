import { Unsimulated } from "./cursor.ts";
import type { CommandReader } from "./read-command.ts";
import type { NftFamily } from "./row.ts";
import type { Token } from "./scan.ts";

/** Reads what `list` and `reset` ask for. */
export function readQuery(reader: CommandReader, first: Token): void {
  const cursor = reader.cursor;
  const verb = first.text as "list" | "reset";
  const { token } = cursor;
  const what = token.kind === "string" ? token.text : "";
  if (verb === "reset" && !["counter", "counters", "quota", "quotas"].includes(what))
    cursor.fail("counter or counters or quotas or quota");
  switch (what) {
    case "ruleset":
    case "tables":
    case "chains":
    case "sets":
    case "maps":
    case "counters":
    case "meters":
    case "flowtables":
    case "quotas":
    case "limits":
    case "secmarks":
    case "synproxys":
      cursor.next();
      return readAll(reader, first, verb, what);
    case "table": {
      cursor.next();
      const { family, table } = reader.table();
      reader.end();
      const places = { command: first, table };
      reader.queries.push({ verb, what, family, table: table.text, places });
      return;
    }
    case "chain":
    case "set":
    case "map":
    case "counter": {
      cursor.next();
      const { target, places } = reader.named(first);
      reader.end();
      reader.queries.push({ verb, what, ...target, places });
      return;
    }
    case "hooks":
    case "meter":
    case "flowtable":
    case "quota":
    case "limit":
    case "ct":
      throw new Unsimulated(`${verb} ${what}`);
    default:
      cursor.fail();
  }
}

function readAll(reader: CommandReader, first: Token, verb: "list" | "reset", what: string): void {
  const cursor = reader.cursor;
  if ((what === "counters" || what === "sets" || what === "maps") && cursor.take("table")) {
    const { family, table } = reader.table();
    reader.end();
    reader.queries.push({ verb, what, family, table: table.text, places: { command: first, table } });
    return;
  }
  const family = reader.family();
  reader.end();
  reader.queries.push({
    verb,
    what,
    ...(family === undefined ? {} : { family: family as NftFamily }),
    places: { command: cursor.since(first) },
  });
}
