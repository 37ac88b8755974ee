export { RegexLimitError, type Match } from "./backtracker.ts";
export { compile, type RegexOptions } from "./compile.ts";
export { eachMatch } from "./matches.ts";
export { isRegexError, type RegexError } from "./node.ts";
export type { Regex } from "./regex.ts";
