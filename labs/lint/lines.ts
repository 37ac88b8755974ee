/** What no text file should have: spaces at ends of lines, tabs, a last line without an end. */
export function lineProblems(place: string, written: string): string[] {
  const text = written.replaceAll("\r\n", "\n");
  const lines = text.split("\n");
  const problems = lines.flatMap((line, at) => {
    const found: string[] = [];
    const end = line.search(/[ \t\r]+$/);
    if (end >= 0) found.push(`${place}:${at + 1}:${end + 1}: spaces at the end of the line: take them away`);
    const tab = line.indexOf("\t");
    if (tab >= 0 && tab !== end) found.push(`${place}:${at + 1}:${tab + 1}: a tab: write spaces`);
    if (line === "" && lines[at - 1] === "" && at < lines.length - 1)
      found.push(`${place}:${at + 1}:1: a second empty line: one is enough`);
    return found;
  });
  const last = lines.at(-1)!;
  if (text.trim() === "") return [`${place}:1:1: the file is empty`];
  if (last !== "")
    problems.push(`${place}:${lines.length}:${last.length + 1}: the last line has no end: add a newline`);
  else if (lines.at(-2) === "") problems.push(`${place}:${lines.length - 1}:1: an empty line at the end: take it away`);
  return [...returnProblems(place, written), ...problems];
}

/** Lines that end as those of Windows do: bash takes the end for a part of the last word. */
export function returnProblems(place: string, text: string): string[] {
  const at = text.indexOf("\r\n");
  if (at < 0) return [];
  const before = text.slice(0, at).split("\n");
  const column = before.at(-1)!.length + 1;
  return [
    `${place}:${before.length}:${column}: lines end with CR LF: save the file with line ends as Linux has them (LF)`,
  ];
}
