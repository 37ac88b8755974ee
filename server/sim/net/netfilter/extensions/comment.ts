import type { MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";
import { quote } from "../quote.ts";

/** Matches everything; says why the rule is there. */
export const comment: MatchExtension = {
  kind: "match",
  name: "comment",
  options: {
    "--comment": {
      key: "comment",
      words: 1,
      read: ([text]) => (text!.length > 255 ? parameter("COMMENT must be shorter than 256 characters") : text),
    },
  },
  finish(given) {
    const text = given.get("comment");
    if (!text) return parameter('comment: option "--comment" must be specified\n');
    return { comment: text.value };
  },
  save: (options) => ` --comment ${quote(options["comment"] as string)}`,
  list: (options) => ` /* ${options["comment"] as string} */`,
  compile: () => () => true,
};
