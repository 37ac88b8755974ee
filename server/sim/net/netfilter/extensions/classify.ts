import type { TargetExtension } from "../extension.ts";
import { parameter } from "../row.ts";

/** Sets the class that a queueing discipline would put a packet into; no link here has one that asks. */
export const CLASSIFY: TargetExtension = {
  kind: "target",
  name: "CLASSIFY",
  hooks: ["FORWARD", "OUTPUT", "POSTROUTING"],
  options: {
    "--set-class": {
      key: "class",
      words: 1,
      read([text]) {
        const match = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(text!);
        if (!match) return parameter(`Bad class value "${text}"`);
        return { major: Number.parseInt(match[1]!, 16), minor: Number.parseInt(match[2]!, 16) };
      },
    },
  },
  finish(given) {
    const wish = given.get("class");
    return wish ? { ...(wish.value as object) } : parameter('CLASSIFY: option "--set-class" must be specified\n');
  },
  save(options) {
    const { major, minor } = options as { major: number; minor: number };
    return ` --set-class ${major.toString(16).padStart(4, "0")}:${minor.toString(16).padStart(4, "0")}`;
  },
  list(options) {
    const { major, minor } = options as { major: number; minor: number };
    return ` CLASSIFY set ${major.toString(16)}:${minor.toString(16)}`;
  },
  compile: () => () => "continue",
};

/** Writes to the audit log, which is off where no auditd runs (audit_enabled is 0). */
export const AUDIT: TargetExtension = {
  kind: "target",
  name: "AUDIT",
  options: {
    "--type": {
      key: "type",
      words: 1,
      read: ([text]) =>
        ["accept", "drop", "reject"].includes(text!.toLowerCase())
          ? text!.toLowerCase()
          : parameter(`Bad action type value "${text}"`),
    },
  },
  finish: (given) =>
    given.has("type") ? { type: given.get("type")!.value } : parameter('AUDIT: option "--type" must be specified\n'),
  save: (options) => ` --type ${options["type"] as string}`,
  list: (options) => ` AUDIT ${options["type"] as string}`,
  compile: () => () => "continue",
};
