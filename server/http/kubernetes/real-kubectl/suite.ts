import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A client of other people's, and the script that it is run with. */
export interface Suite {
  /** Where script.txt, files/ and recorded/ are. */
  readonly folder: string;
  /** The programs that the script calls, and where they are on this machine; undefined if one is missing. */
  programs(): Readonly<Record<string, string>> | undefined;
}

/** Where they are on this project's machines. */
const USUAL = "/usr/lib/google-cloud-sdk/bin";

/** DRYDOCK_KUBECTL, or kubectl.1.33 or kubectl on the PATH. */
export const KUBECTL: Suite = {
  folder: import.meta.dirname,
  programs: () => found({ kubectl: process.env["DRYDOCK_KUBECTL"] || onPath("kubectl.1.33", "kubectl") }),
};

/** DRYDOCK_KPT, or kpt on the PATH; and kubectl, to look at what it did. */
export const KPT: Suite = {
  folder: join(import.meta.dirname, "kpt"),
  programs: () => found({ ...KUBECTL.programs(), kpt: process.env["DRYDOCK_KPT"] || onPath("kpt") }),
};

/** The commands of the script. */
export function scriptLines({ folder }: Suite): string[] {
  return readFileSync(join(folder, "script.txt"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

function onPath(...names: readonly string[]): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), USUAL];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

function found(programs: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> | undefined {
  const there = Object.entries(programs).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return there.length === Object.keys(programs).length ? Object.fromEntries(there) : undefined;
}
