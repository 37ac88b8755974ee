import { encode } from "../../../sim/kernel/index.ts";
import { splitText } from "../arithmetic.ts";
import { JqError, typeError } from "../errors.ts";
import { format, toText } from "../formats.ts";
import { JsonError, parseJson } from "../parse-json.ts";
import { isArray, kindOf, numberOf, toJson, type Value } from "../value.ts";
import { native, type Builtins } from "./builtin.ts";

/** `startswith` and `endswith`. */
function test(name: string, apply: (text: string, part: string) => boolean) {
  return (input: Value, part: Value): boolean => {
    if (typeof input !== "string" || typeof part !== "string") throw new JqError(`${name}() requires string inputs`);
    return apply(input, part);
  };
}

const startsWith = test("startswith", (text, part) => text.startsWith(part));
const endsWith = test("endswith", (text, part) => text.endsWith(part));

function explode(input: Value): number[] {
  if (typeof input !== "string") throw new JqError("explode input must be a string");
  return Array.from(input, (char) => char.codePointAt(0)!);
}

function implode(input: Value): string {
  if (!isArray(input)) throw new JqError("implode input must be an array");
  return input
    .map((one) => {
      const code = numberOf(one);
      if (code === undefined) throw typeError(one, "can't be imploded, unicode codepoint needs to be numeric");
      const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return String.fromCodePoint(valid ? Math.trunc(code) : 0xfffd);
    })
    .join("");
}

function parsed(text: string): Value {
  const value = parseJson(text);
  if (value instanceof JsonError) throw new JqError(value.message);
  return value;
}

function toNumber(input: Value): Value {
  if (numberOf(input) !== undefined) return input;
  const value = typeof input === "string" ? parsed(input) : null;
  if (numberOf(value) === undefined) throw typeError(input, "cannot be parsed as a number");
  return value;
}

/** The letters A to Z only, as in C. */
function ascii(pattern: RegExp, by: number) {
  return native((input) => {
    explode(input);
    return (input as string).replace(pattern, (char) => String.fromCharCode(char.charCodeAt(0) + by));
  });
}

function trimmed(pattern: RegExp) {
  return native((input) => {
    if (typeof input !== "string") throw typeError(input, "cannot be trimmed");
    return input.replace(pattern, "");
  });
}

/** Strings and their notations. */
export const TEXT: Builtins = {
  "type/0": native(kindOf),
  "tojson/0": native(toJson),
  "tostring/0": native(toText),
  "tonumber/0": native(toNumber),
  "fromjson/0": native((input) => {
    if (typeof input !== "string") throw typeError(input, "only strings can be parsed");
    return parsed(input);
  }),
  "format/1": native((input, name) => {
    if (typeof name !== "string") throw typeError(name, "is not a valid format");
    return format(name, input);
  }),
  "explode/0": native(explode),
  "implode/0": native(implode),
  "ascii/0": native((input) => implode([input])),
  "ascii_downcase/0": ascii(/[A-Z]/g, 32),
  "ascii_upcase/0": ascii(/[a-z]/g, -32),
  "utf8bytelength/0": native((input) => {
    if (typeof input !== "string") throw typeError(input, "only strings have UTF-8 byte length");
    return encode(input).length;
  }),
  "startswith/1": native((input, part) => startsWith(input, part)),
  "endswith/1": native((input, part) => endsWith(input, part)),
  "ltrimstr/1": native((input, part) =>
    typeof input === "string" && typeof part === "string" && input.startsWith(part) ? input.slice(part.length) : input,
  ),
  "rtrimstr/1": native((input, part) =>
    typeof input === "string" && typeof part === "string" && part !== "" && input.endsWith(part)
      ? input.slice(0, -part.length)
      : input,
  ),
  "trim/0": trimmed(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g),
  "ltrim/0": trimmed(/^[ \t\n\v\f\r]+/),
  "rtrim/0": trimmed(/[ \t\n\v\f\r]+$/),
  "split/1": native((input, separator) => {
    if (typeof input !== "string" || typeof separator !== "string")
      throw new JqError("split input and separator must be strings");
    return splitText(input, separator);
  }),
};
