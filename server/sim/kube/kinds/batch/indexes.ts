/** Sets of completion indexes, as they stand in a Job: `1,3-5,7` (pkg/controller/job/indexed_job_utils.go). */

/** The indexes of such a text, all below `completions`; or why it is none. */
export function parseIndexes(text: string, completions: number): ReadonlySet<number> | { readonly error: string } {
  const found = new Set<number>();
  if (text === "") return found;
  let last = -1;
  for (const part of text.split(",")) {
    const limits = part.split("-");
    if (limits.length > 2)
      return {
        error: `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`,
      };
    const [from, to = from] = limits.map((limit) => (/^\d+$/.test(limit) ? Number(limit) : undefined));
    const bad = limits.find((limit) => !/^\d+$/.test(limit));
    if (bad !== undefined) return { error: `cannot convert string to integer for index: "${bad}"` };
    if (from! >= completions) return { error: `too large index: "${limits[0]!}"` };
    if (to! >= completions) return { error: `too large index: "${limits[1]!}"` };
    if (to! < from!) return { error: `non-increasing order, previous: ${from!}, current: ${to!}` };
    if (from! <= last) return { error: `non-increasing order, previous: ${last}, current: ${from!}` };
    for (let index = from!; index <= to!; index++) found.add(index);
    last = to!;
  }
  return found;
}

/** The shortest text of a set. */
export function indexesText(indexes: Iterable<number>): string {
  const parts: string[] = [];
  const sorted = [...indexes].sort((a, b) => a - b);
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    const [from, to] = [sorted[at]!, sorted[end]!];
    parts.push(from === to ? String(from) : to === from + 1 ? `${from},${to}` : `${from}-${to}`);
    at = end + 1;
  }
  return parts.join(",");
}
