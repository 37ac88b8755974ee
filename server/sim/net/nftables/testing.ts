import type { Namespace } from "../namespace.ts";
import { runCommands } from "./read-command.ts";

/** Does what the text says; a command that nft refuses is the test's mistake. */
export function nft(ns: Namespace, text: string): void {
  const { complaints } = runCommands(ns, { name: "", text: `${text}\n` }, {}, false);
  if (complaints.length > 0) throw new Error(complaints.map(({ says }) => says).join("\n"));
}
