import type { PlainBuiltin } from "./builtin.ts";

export const trueBuiltin: PlainBuiltin = {
  name: "true",
  synopsis: "",
  summary: "Succeeds.",
  run: () => 0,
};
