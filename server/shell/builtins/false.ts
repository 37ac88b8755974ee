import type { PlainBuiltin } from "./builtin.ts";

export const falseBuiltin: PlainBuiltin = {
  name: "false",
  synopsis: "",
  summary: "Fails.",
  run: () => 1,
};
