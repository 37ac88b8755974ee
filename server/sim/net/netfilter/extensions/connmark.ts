import type { MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";
import { markOption, markText, type MarkOptions } from "./mark.ts";

export const connmark: MatchExtension = {
  kind: "match",
  name: "connmark",
  tracks: true,
  options: { "--mark": markOption("connmark") },
  finish(given) {
    const wish = given.get("mark");
    if (!wish) return parameter('connmark: option "--mark" must be specified\n');
    return { ...(wish.value as MarkOptions), ...(wish.not ? { not: true as const } : {}) };
  },
  save(options) {
    const wish = options as unknown as MarkOptions;
    return `${wish.not ? " !" : ""} --mark ${markText(wish)}`;
  },
  list(options) {
    const wish = options as unknown as MarkOptions;
    return ` connmark match ${wish.not ? "!" : ""} ${markText(wish)}`;
  },
  compile(options) {
    const { value, mask, not = false } = options as unknown as MarkOptions & { not?: boolean };
    return (packet) => {
      const row = packet.tracking?.row;
      return row !== undefined && ((row.mark & mask) >>> 0 === value >>> 0) !== not;
    };
  },
};
