/** What the parser of YAML throws. */
export interface YamlProblem {
  readonly message: string;
  readonly linePos?: readonly { readonly line: number }[];
}

/** go-yaml's words for what people get wrong most; others are the parser's own. */
export function yamlProblem({ message, linePos }: YamlProblem): string {
  const line = linePos?.[0]?.line;
  const at = line === undefined ? "" : `line ${line}: `;
  if (/tab/i.test(message)) return `${at}found character that cannot start any token`;
  if (/implicit key|compact mappings|Nested mappings/i.test(message))
    return `${at}mapping values are not allowed in this context`;
  if (/Missing closing|unexpected end/i.test(message)) return `${at}found unexpected end of stream`;
  if (/flow sequence/i.test(message)) return `${at}did not find expected ',' or ']'`;
  if (/flow map/i.test(message)) return `${at}did not find expected ',' or '}'`;
  return `${at}could not find expected ':'`;
}
