import { programVersion, type Process } from "../../sim/host/index.ts";

/** Versions with the time at which the images' binaries were built, for the banner. */
const BUILT: Readonly<Record<string, string>> = {
  "1.28.4": "2018-05-22 17:00:17 UTC",
  "1.35.0": "2022-08-01 15:14:44 UTC",
  "1.36.1": "2023-05-18 22:34:17 UTC",
  "1.37.0": "2024-09-26 21:31:42 UTC",
};

/** Which busybox a process runs: words and options changed between versions. */
export class BusyboxVersion {
  readonly text: string;
  readonly #numbers: readonly number[];

  constructor(process: Process) {
    this.text = programVersion(process) || "1.36.1";
    this.#numbers = this.text.split(".").map(Number);
  }

  isAtLeast(wanted: string): boolean {
    for (const [at, number] of wanted.split(".").map(Number).entries())
      if ((this.#numbers[at] ?? 0) !== number) return (this.#numbers[at] ?? 0) > number;
    return true;
  }

  get banner(): string {
    return `BusyBox v${this.text} (${BUILT[this.text] ?? "2023-01-03 22:31:12 UTC"}) multi-call binary.`;
  }
}
