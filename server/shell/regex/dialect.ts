/** Whose rules a POSIX pattern follows: the same C library, but each program sets its syntax bits (gnulib regex.h RE_*). */
export type Reader = "grep" | "sed" | "expr" | "regcomp";

/** The syntax bits that differ between our programs. `extended` itself stands for all that POSIX says of EREs. */
export interface Dialect {
  readonly extended: boolean;
  /** A newline separates alternatives (RE_NEWLINE_ALT). */
  readonly newlineAlternates: boolean;
  /** A brace that begins no interval is text (RE_INVALID_INTERVAL_ORD). */
  readonly looseBraces: boolean;
  /** A repetition with nothing to repeat is an error (RE_CONTEXT_INVALID_OPS). */
  readonly strictOperators: boolean;
  /** So are two in a row, and an interval at the start (RE_CONTEXT_INVALID_DUP). */
  readonly strictIntervals: boolean;
  /** A `)` that closes nothing is text (RE_UNMATCHED_RIGHT_PAREN_ORD). */
  readonly looseParens: boolean;
  /** Ranges go by code point and `[z-a]` is empty (gnulib's own regex, RE_NO_EMPTY_RANGES not set). */
  readonly looseRanges: boolean;
  /** `[:space:]` is an error, as the program also compiles with gnulib's dfa.c. */
  readonly refusesLoneClass: boolean;
}

// The bits: RE_SYNTAX_GREP and RE_SYNTAX_EGREP (gnulib lib/regex.h), sed/regexp.c compile_regex_1, coreutils src/expr.c
// docolon, glibc posix/regcomp.c regcomp.
const BASIC: Dialect = {
  extended: false,
  newlineAlternates: false,
  looseBraces: false,
  strictOperators: false,
  strictIntervals: true,
  looseParens: false,
  looseRanges: false,
  refusesLoneClass: false,
};
const EXTENDED: Dialect = {
  ...BASIC,
  extended: true,
  strictOperators: true,
  strictIntervals: false,
  looseParens: true,
};

const DIALECTS: Record<Reader, { basic: Dialect; extended: Dialect }> = {
  regcomp: { basic: BASIC, extended: EXTENDED },
  expr: {
    basic: { ...BASIC, strictIntervals: false, looseRanges: true },
    extended: EXTENDED,
  },
  sed: {
    basic: { ...BASIC, refusesLoneClass: true },
    extended: { ...EXTENDED, looseParens: false, refusesLoneClass: true },
  },
  grep: {
    basic: { ...BASIC, newlineAlternates: true, strictIntervals: false, refusesLoneClass: true },
    extended: {
      ...EXTENDED,
      newlineAlternates: true,
      looseBraces: true,
      strictOperators: false,
      refusesLoneClass: true,
    },
  },
};

export function dialect(reader: Reader, extended: boolean): Dialect {
  return DIALECTS[reader][extended ? "extended" : "basic"];
}
