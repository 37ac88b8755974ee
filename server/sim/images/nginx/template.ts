/** A text with variables in it: `/data/$host/${name}`. */
export interface Template {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = string | { readonly variable: string } | { readonly capture: number };

/** Takes a text apart (ngx_http_script_compile); a string with `error` says what nginx would. */
export function compileTemplate(source: string): Template | { readonly error: string } {
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < source.length) {
    const dollar = source.indexOf("$", at);
    if (dollar !== at) {
      parts.push(source.slice(at, dollar < 0 ? undefined : dollar));
      if (dollar < 0) break;
    }
    const capture = /^[1-9]/.exec(source.slice(dollar + 1));
    if (capture) {
      parts.push({ capture: Number(capture[0]) });
      at = dollar + 2;
      continue;
    }
    const braced = source[dollar + 1] === "{";
    const from = dollar + (braced ? 2 : 1);
    const name = /^\w*/.exec(source.slice(from))![0];
    at = from + name.length;
    if (braced && source[at] !== "}") return { error: `the closing bracket in "${name}" variable is missing` };
    if (braced) at++;
    if (name === "") return { error: "invalid variable name" };
    parts.push({ variable: name });
  }
  return { source, parts };
}

export function hasVariables(template: Template): boolean {
  return template.parts.some((part) => typeof part !== "string");
}
