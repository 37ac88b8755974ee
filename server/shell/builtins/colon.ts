import type { PlainBuiltin } from "./builtin.ts";

export const colon: PlainBuiltin = {
  name: ":",
  synopsis: "",
  summary: "Does nothing but expand its arguments.",
  special: true,
  run: () => 0,
};
