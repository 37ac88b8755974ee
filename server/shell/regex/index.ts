export { RegexLimitError, type Match, type Span } from "./backtracker.ts";
export { compile, type RegexOptions, type Syntax } from "./compile.ts";
export type { Reader } from "./dialect.ts";
export { eachMatch } from "./matches.ts";
export { isRegexError, type Locale, type RegexError } from "./node.ts";
export type { ExecOptions, Regex } from "./regex.ts";
export type { PatternWarning } from "./warnings.ts";
