import { parse } from "yaml";

const REMEMBERED = 128;
const remembered = new Map<string, unknown>();

/**
 * A configuration file's YAML 1.1 as data of the caller's own. Parsing is remembered by the text: the same few files are read
 * at every start of every world. Throws yaml's YAMLParseError.
 */
export function parseYamlText(text: string): unknown {
  if (!remembered.has(text)) {
    const value: unknown = parse(text, { version: "1.1", logLevel: "error" });
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, value);
  }
  return structuredClone(remembered.get(text));
}
