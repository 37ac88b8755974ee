import { kindOf, sortedKeys, type Json, type JsonObject } from "../golang/kind.ts";
import { encodeJson } from "../json.ts";

/** A longer key of JSON, in its quotes, is no simple key of YAML. In characters. */
const LONGEST_SIMPLE_KEY = 1024;

const LINE_BREAK = "\u0085";
/** After a line break, this ends a document. */
const INDICATOR = /^(?:---|\.\.\.)(?:[ \u0085])/;

/** What go-yaml's reader stumbles over in an object's JSON, which it reads as YAML: U+0085 ends a line there. */
export function readerProblem(value: Json): string | undefined {
  return new Reader().problem(value);
}

class Reader {
  #line = 0;

  problem(value: Json): string | undefined {
    const kind = kindOf(value);
    if (kind === "string") return this.#scalar(value as string);
    if (kind === "slice") {
      for (const item of value as readonly Json[]) {
        const problem = this.problem(item);
        if (problem !== undefined) return problem;
      }
    }
    if (kind !== "map") return undefined;
    const map = value as JsonObject;
    for (const key of sortedKeys(map)) {
      const problem = this.#scalar(key) ?? this.#key(key) ?? this.problem(map[key]!);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #scalar(text: string): string | undefined {
    const [, ...lines] = text.split(LINE_BREAK);
    for (const [index, line] of lines.entries()) {
      this.#line++;
      const more = index + 1 < lines.length ? LINE_BREAK : "";
      if (INDICATOR.test(line + more)) return `line ${this.#line + 1}: found unexpected document indicator`;
    }
    return undefined;
  }

  #key(key: string): string | undefined {
    if (!key.includes(LINE_BREAK) && Array.from(encodeJson(key)).length <= LONGEST_SIMPLE_KEY) return undefined;
    return `${this.#line === 0 ? "" : `line ${this.#line}: `}did not find expected ',' or '}'`;
  }
}
