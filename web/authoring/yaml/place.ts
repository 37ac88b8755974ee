/** Where in a YAML file somebody writes, also while it is not whole: by indentation, and by braces in the line. */
export interface YamlPlace {
  /** Keys and positions in lists from the top, as far as they lead to the map or list that is written in. */
  readonly path: readonly (string | number)[];
  /** `key`: a new field of the map at `path`. `value`: what `path` leads to. `item`: either, in a list. */
  readonly kind: "key" | "value" | "item";
  /** What is typed of it so far, and where that begins. */
  readonly typed: string;
  readonly from: number;
}

interface Line {
  /** Columns of its `- `. */
  readonly dashes: readonly number[];
  /** Column of what follows them. */
  readonly content: number;
  readonly key: string | undefined;
  /** What stands behind `key: `. */
  readonly value: string;
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s"'#{}[\],&*!|>%@`-][^:#{}[\],]*?|-\S[^:#]*?))\s*:(?:\s+|$)/;

/** The place at an offset of a text; undefined inside a comment or a text of several lines. */
export function placeAt(text: string, offset: number): YamlPlace | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const above = text.slice(0, start).split("\n").slice(0, -1).map(readLine);
  const written = text.slice(start, offset);
  if (/(^|\s)#/.test(written)) return undefined;
  const line = readLine(written);
  const column = line.content;
  if (insideText(above, column)) return undefined;
  const path = pathAbove(above, line);
  if (line.key !== undefined) return inValue([...path, line.key], line.value, offset);
  const typed = written.slice(column);
  if (/^[{[]/.test(typed)) return inValue(path, typed, offset);
  return { path, kind: line.dashes.length > 0 ? "item" : "key", typed, from: offset - typed.length };
}

/** The path of the key that stands at an offset, and where it stands; undefined if none does. */
export function keyAt(
  text: string,
  offset: number,
): { readonly path: readonly (string | number)[]; readonly from: number; readonly to: number } | undefined {
  let [from, to] = [offset, offset];
  while (from > 0 && /[\w.-]/.test(text[from - 1]!)) from--;
  while (to < text.length && /[\w.-]/.test(text[to]!)) to++;
  if (from === to || !/^\s*:(\s|$)/.test(text.slice(to, to + 20))) return undefined;
  const place = placeAt(text, to);
  if (place === undefined || place.kind === "value") return undefined;
  return { path: [...place.path, text.slice(from, to)], from, to };
}

function readLine(text: string): Line {
  const dashes: number[] = [];
  let at = /^ */.exec(text)![0].length;
  for (let dash; (dash = /^-( +|$)/.exec(text.slice(at))); at += dash[0].length) dashes.push(at);
  const rest = text.slice(at);
  const match = KEY.exec(rest);
  const key = match ? (match[1] ?? match[2] ?? match[3]) : undefined;
  return { dashes, content: at, key, value: match ? rest.slice(match[0].length) : rest };
}

function isEmpty({ dashes, key, value }: Line): boolean {
  return dashes.length === 0 && key === undefined && (value.trim() === "" || value.startsWith("#"));
}

/** Whether a line with that indentation belongs to a text that began with | or >. */
function insideText(above: readonly Line[], column: number): boolean {
  let least = column;
  for (const line of above.toReversed()) {
    if (isEmpty(line)) continue;
    const first = line.dashes[0] ?? line.content;
    if (first >= least) continue;
    if (line.key !== undefined && /^[|>][+-]?\d?\s*(#.*)?$/.test(line.value)) return true;
    least = first;
  }
  return false;
}

function pathAbove(above: readonly Line[], current: Line): (string | number)[] {
  const path: (string | number)[] = [];
  /** A key is looked for that stands left of `column`, or at it if a list may begin there. */
  let column = current.content;
  let list = false;
  const items = (dashes: readonly number[]): void => {
    for (const dash of dashes.toReversed())
      if (dash < column) {
        path.unshift(0);
        column = dash;
        list = true;
      }
  };
  items(current.dashes);
  for (const line of above.toReversed()) {
    if (isEmpty(line)) continue;
    const first = line.dashes[0] ?? line.content;
    if (first > column || (line.content > column && first >= column)) continue;
    if (
      line.key !== undefined &&
      (line.content < column || (list && line.content === column && line.dashes.length === 0))
    ) {
      path.unshift(line.key);
      column = line.content;
      list = false;
      items(line.dashes);
    } else if (line.content === column && !list) items(line.dashes);
    if (column === 0 && !list) break;
  }
  return path;
}

/** Inside what stands behind a key: `{ preset: kubeadm, cni: ` goes on in its braces. */
function inValue(path: readonly (string | number)[], value: string, offset: number): YamlPlace | undefined {
  const open: { readonly map: boolean; key: string | undefined }[] = [];
  let word = "";
  let quote = "";
  for (const character of value) {
    const top = open.at(-1);
    if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "{" || character === "[") {
      open.push({ map: character === "{", key: undefined });
      word = "";
    } else if (character === "}" || character === "]") {
      open.pop();
      word = "";
    } else if (character === "," && top) {
      top.key = undefined;
      word = "";
    } else if (character === ":" && top?.map && top.key === undefined) {
      top.key = word.trim();
      word = "";
    } else word += character;
  }
  const typed = word.trimStart();
  const from = offset - typed.length;
  const inner = open.flatMap(({ map, key }): (string | number)[] => (map ? (key === undefined ? [] : [key]) : [0]));
  const top = open.at(-1);
  if (top?.map && top.key === undefined) return { path: [...path, ...inner], kind: "key", typed, from };
  return { path: [...path, ...inner], kind: "value", typed, from };
}
