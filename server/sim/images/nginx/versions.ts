import { parseRfc3339, type Time } from "../../kernel/index.ts";

/** The releases that `docker.io/library/nginx` has: the last patch of each minor version, counted from 0 (7.x: from what Docker has). */
const LAST_PATCH: Readonly<Record<string, readonly [first: number, last: number]>> = {
  "1.7": [1, 12],
  "1.8": [0, 1],
  "1.9": [0, 15],
  "1.10": [0, 3],
  "1.11": [0, 13],
  "1.12": [0, 2],
  "1.13": [0, 12],
  "1.14": [0, 2],
  "1.15": [0, 12],
  "1.16": [0, 1],
  "1.17": [0, 10],
  "1.18": [0, 0],
  "1.19": [0, 10],
  "1.20": [0, 2],
  "1.21": [0, 6],
  "1.22": [0, 1],
  "1.23": [0, 4],
  "1.24": [0, 0],
  "1.25": [0, 5],
  "1.26": [0, 3],
  "1.27": [0, 5],
  "1.28": [0, 0],
};

export const MAINLINE = "1.27.5";
export const STABLE = "1.28.0";

/** When releases were built, as far as seen in Last-Modified headers; else the first of the month of the minor version. */
const BUILT: Readonly<Record<string, string>> = {
  "1.7.9": "2014-12-23T16:25:09Z",
  "1.14.2": "2018-12-04T14:44:49Z",
  "1.19.6": "2020-12-15T13:59:38Z",
  "1.21.6": "2022-01-25T15:03:52Z",
  "1.23.1": "2022-07-19T14:05:27Z",
  "1.25.3": "2023-10-24T13:46:47Z",
  "1.27.0": "2024-05-28T13:22:30Z",
  "1.27.1": "2024-08-12T14:21:01Z",
  "1.27.2": "2024-10-02T15:13:19Z",
  "1.27.3": "2024-11-26T15:55:00Z",
  "1.27.4": "2025-02-05T11:06:32Z",
  "1.27.5": "2025-04-16T12:01:11Z",
  "1.28.0": "2025-04-23T11:48:54Z",
};

const MINOR_BUILT: Readonly<Record<string, string>> = {
  "1.7": "2014-09", "1.8": "2015-04", "1.9": "2015-11", "1.10": "2016-05", "1.11": "2016-11", "1.12": "2017-06",
  "1.13": "2017-10", "1.14": "2018-06", "1.15": "2018-11", "1.16": "2019-06", "1.17": "2019-10", "1.18": "2020-04",
  "1.19": "2020-11", "1.20": "2021-06", "1.21": "2021-10", "1.22": "2022-08", "1.23": "2022-11", "1.24": "2023-04",
  "1.25": "2023-09", "1.26": "2024-06", "1.27": "2024-10", "1.28": "2025-05",
}; // prettier-ignore

export function builtAt(version: string): Time {
  const minor = version.split(".").slice(0, 2).join(".");
  return parseRfc3339(BUILT[version] ?? `${MINOR_BUILT[minor]!}-01T12:00:00Z`)!;
}

/** The full version that a tag's version means: `1.27` is its last patch, `1` the mainline. Undefined if there is none. */
export function fullVersion(tag: string): string | undefined {
  if (tag === "1" || tag === "mainline" || tag === "latest") return MAINLINE;
  if (tag === "stable") return STABLE;
  const match = /^(1\.\d+)(?:\.(\d+))?$/.exec(tag);
  const range = match && LAST_PATCH[match[1]!];
  if (!range) return undefined;
  const patch = match[2] === undefined ? range[1] : Number(match[2]);
  return patch < range[0] || patch > range[1] || String(patch) !== (match[2] ?? String(patch))
    ? undefined
    : `${match[1]!}.${patch}`;
}

export function allVersions(): string[] {
  return Object.entries(LAST_PATCH).flatMap(([minor, [first, last]]) =>
    Array.from({ length: last - first + 1 }, (_, at) => `${minor}.${first + at}`),
  );
}

/** Is `a` at least `b`? */
export function atLeast(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split(".").map(Number)) as [number[], number[]];
  for (let at = 0; at < right.length; at++) if (left[at] !== right[at]) return (left[at] ?? 0) > right[at]!;
  return true;
}
