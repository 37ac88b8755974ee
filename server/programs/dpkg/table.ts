import type { Installed } from "./database.ts";

const HEAD = `Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
`;

/** What `dpkg -l` prints, with columns as wide as what they show (src/query/main.c list_format_init). */
export function packageTable(packages: readonly Installed[]): string {
  const width = (least: number, words: readonly string[]): number =>
    Math.max(least, ...words.map(({ length }) => length));
  const widths = [
    width(
      14,
      packages.map(({ shown }) => shown),
    ),
    width(
      12,
      packages.map(({ version }) => version),
    ),
    width(
      12,
      packages.map(({ arch }) => arch),
    ),
    width(
      33,
      packages.map(({ summary }) => summary),
    ),
  ];
  const line = (mark: string, words: readonly string[]): string =>
    `${mark}${words.map((word, at) => (at === 3 ? word : word.padEnd(widths[at]!))).join(" ")}\n`;
  return [
    HEAD,
    line("||/ ", ["Name", "Version", "Architecture", "Description"]),
    `+++-${widths.map((size) => "=".repeat(size)).join("-")}\n`,
    ...packages.map(({ shown, version, arch, summary, want }) =>
      line(want === "hold" ? "hi  " : "ii  ", [shown, version, arch, summary || "(no description available)"]),
    ),
  ].join("");
}
