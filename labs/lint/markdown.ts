interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
}

/** Markdown that would not be shown as it was meant. */
export function markdownProblems(place: string, text: string): string[] {
  const { prose, problems } = outsideOfFences(place, text);
  return [
    ...problems,
    ...headingProblems(place, prose),
    ...paragraphs(prose).flatMap((each) => spanProblems(place, each)),
  ];
}

/** The lines that are not inside of a fenced block. */
function outsideOfFences(
  place: string,
  text: string,
): { readonly prose: readonly Line[]; readonly problems: string[] } {
  const prose: Line[] = [];
  let open: { readonly mark: string; readonly number: number } | undefined;
  for (const [at, line] of text.split("\n").entries()) {
    const [, mark] = /^ {0,3}(```+|~~~+)/.exec(line) ?? [];
    if (open) {
      if (mark !== undefined && mark.startsWith(open.mark)) open = undefined;
      prose.push({ text: "", number: at + 1 });
    } else if (mark !== undefined) {
      open = { mark, number: at + 1 };
      prose.push({ text: "", number: at + 1 });
    } else prose.push({ text: line, number: at + 1 });
  }
  const problems = open
    ? [`${place}:${open.number}:1: the block that begins here is never closed: add ${open.mark}`]
    : [];
  return { prose, problems };
}

function headingProblems(place: string, lines: readonly Line[]): string[] {
  let last = 1;
  return lines.flatMap(({ text, number }) => {
    const [, marks, space] = /^(#{1,6})( ?)\S/.exec(text) ?? [];
    if (marks === undefined) return [];
    const level = marks.length;
    const before = last;
    if (space === "")
      return [`${place}:${number}:${level + 1}: no space behind ${marks}: this is no heading without it`];
    last = level;
    if (level === 1)
      return [`${place}:${number}:1: a heading of the first level: the page has one already, begin with ##`];
    if (level > before + 1) return [`${place}:${number}:1: a heading of level ${level} below one of level ${before}`];
    return [];
  });
}

/** Lines of a paragraph, list item or table belong together; indented code is none. */
function paragraphs(lines: readonly Line[]): (readonly Line[])[] {
  const found: Line[][] = [[]];
  for (const line of lines) {
    if (line.text.trim() === "" || /^ {4}/.test(line.text)) found.push([]);
    else found.at(-1)!.push(line);
  }
  return found.filter((each) => each.length > 0);
}

const CODE = /(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g;

/** Backticks that have no partner, and what is taken for HTML or a link but is none. */
function spanProblems(place: string, lines: readonly Line[]): string[] {
  const text = lines.map((line) => line.text).join("\n");
  const plain = text.replace(CODE, (code) => code.replace(/[^\n]/g, " "));
  const at = (offset: number): string => {
    const before = plain.slice(0, offset).split("\n");
    return `${place}:${lines[before.length - 1]!.number}:${before.at(-1)!.length + 1}`;
  };
  const open = plain.indexOf("`");
  return [
    ...(open >= 0 ? [`${at(open)}: a backtick without a partner`] : []),
    ...[...plain.matchAll(/<\/?[a-z][\w-]*(?: [^>\n]*)?>/gi)].map(
      ({ 0: tag, index }) => `${at(index)}: ${tag} is HTML, which is shown as it stands: put it between backticks`,
    ),
    ...[...plain.matchAll(/\[[^\]\n]+\]\(\s*\)/g)].map(({ index }) => `${at(index)}: a link that leads nowhere`),
  ];
}
