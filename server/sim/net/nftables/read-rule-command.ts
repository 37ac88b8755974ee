import type { Cursor } from "./cursor.ts";
import { RuleReader } from "./read-rule.ts";
import type { Places, Session } from "./session.ts";
import type { RulePlace, Target } from "./chain-transaction.ts";

/** Reads a rule and puts it into its chain; `replace` instead of the one with the handle. */
export function addRule(
  session: Session,
  cursor: Cursor,
  target: Target,
  places: Places,
  place: RulePlace,
  verb: "add" | "insert" | "replace",
  inBlock = false,
): void {
  const reader = new RuleReader(cursor, session.context(target.family, target.table), target.family);
  const body = reader.rule();
  if (!cursor.ends && !(inBlock && cursor.is("}"))) cursor.fail("end of file or newline or semicolon");
  if (cursor.complaints.length > 0) return;
  const own = { ...places, command: cursor.since(places.command), jumps: reader.jumps.map((jump) => jump.place) };
  session.apply(own, target, () => {
    const { transaction } = session;
    if (verb === "replace") transaction.replaceRule(target, place.handle!, body);
    else transaction.addRule(target, body, place, verb === "insert");
  });
}
