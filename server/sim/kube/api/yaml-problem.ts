/** What the parser of YAML throws. */
export interface YamlProblem {
  readonly message: string;
  readonly linePos?: readonly { readonly line: number }[];
}

/** go-yaml's words for what people get wrong most; others are the parser's own. */
export function yamlProblem({ message, linePos }: YamlProblem): string {
  // What is wrong in the first line is told without its number (yaml.go parser.fail).
  const line = linePos?.[0]?.line ?? 1;
  const at = line === 1 ? "" : `line ${line}: `;
  if (/tab/i.test(message)) return `${at}found character that cannot start any token`;
  if (/implicit key|compact mappings|Nested mappings/i.test(message))
    return `${at}mapping values are not allowed in this context`;
  if (/must start at the same column|indentation/i.test(message)) return `${at}did not find expected key`;
  if (/Unresolved alias/i.test(message)) return `unknown anchor '${/: (\S+)$/.exec(message)?.[1] ?? ""}' referenced`;
  if (/Map keys must be unique/i.test(message)) return `unmarshal errors:\n  ${at}key already set in map`;
  if (/Missing closing|unexpected end/i.test(message)) return `${at}found unexpected end of stream`;
  if (/flow sequence/i.test(message)) return `${at}did not find expected ',' or ']'`;
  if (/flow map/i.test(message)) return `${at}did not find expected ',' or '}'`;
  return `${at}could not find expected ':'`;
}
