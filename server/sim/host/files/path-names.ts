/** Paths that were taken apart: the names that are kept are found faster in a directory than equal ones. */
const PATHS = 4096;

/** The directory of a path and the name in it. */
export interface Ends {
  readonly parent: string;
  readonly name: string;
}

const endsOfPaths = new Map<string, Ends | undefined>();

/** The ends of an absolute path whose last name is that of an entry; undefined for others. */
export function endsOf(path: string): Ends | undefined {
  let ends = endsOfPaths.get(path);
  if (ends !== undefined || endsOfPaths.has(path)) return ends;
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  const odd = slash < 0 || name === "" || name === "." || name === ".." || name.length > 255;
  if (!odd) ends = { parent: slash === 0 ? "/" : path.slice(0, slash), name };
  if (endsOfPaths.size >= PATHS) endsOfPaths.clear();
  endsOfPaths.set(path, ends);
  return ends;
}

const namesOfPaths = new Map<string, readonly string[]>();

/** The names in a path, the last one first. */
export function namesOf(path: string): readonly string[] {
  let names = namesOfPaths.get(path);
  if (names === undefined) {
    if (namesOfPaths.size >= PATHS) namesOfPaths.clear();
    namesOfPaths.set(path, (names = takeApart(path)));
  }
  return names;
}

function takeApart(path: string): string[] {
  const names: string[] = [];
  for (let end = path.length; end > 0;) {
    const slash = path.lastIndexOf("/", end - 1);
    const name = path.slice(slash + 1, end);
    if (name !== "" && name !== ".") names.push(name);
    end = slash;
  }
  return names;
}
