import { text } from "../cobra/flag.ts";
import { quote, type Failure } from "../output/index.ts";

export const VALIDATE = text(
  "strict (or true), warn, or ignore (or false): what becomes of fields that the server does not know or that are given twice.",
  { initial: "strict", optional: "strict" },
);

/** Reads `--validate` as the server takes it: Strict, Warn or Ignore (kubectl pkg/cmd/util/helpers.go GetValidationDirective). */
export function validationOf(value: string): "Strict" | "Warn" | "Ignore" | Failure {
  switch (value) {
    case "strict":
      return "Strict";
    case "warn":
      return "Warn";
    case "ignore":
      return "Ignore";
    default:
      if (/^(1|t|T|TRUE|true|True)$/.test(value)) return "Strict";
      if (/^(0|f|F|FALSE|false|False)$/.test(value)) return "Ignore";
      return {
        error: `invalid - validate option ${quote(value)}; must be one of: strict (or true), warn, ignore (or false)`,
      };
  }
}
