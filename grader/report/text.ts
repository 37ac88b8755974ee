import type { CheckResult, Report } from "../result.ts";

const WIDTH = 119;
const MARKS: Readonly<Record<CheckResult["outcome"], string>> = { pass: "✓", fail: "✗", broke: "?" };

/** The report for people: the score, and each check; of those that do not pass, what was expected and observed, and why. */
export function reportText(report: Report): string {
  const { title, score, of, hints, settled, results } = report;
  const notes = [
    ...(hints > 0 ? [`Hints cost ${points(hints)}.`] : []),
    ...(settled ? [] : ["The cluster was still changing when it was graded."]),
  ];
  const lines = [line(title, `${score} of ${of}`), ...notes, "", ...results.flatMap((result) => resultLines(result))];
  return `${lines.join("\n")}\n`;
}

/** One check, as a learner reads it. */
export function resultLines(result: CheckResult): string[] {
  const { outcome, says, expected, observed, why, see } = result;
  const score = outcome === "broke" ? "not counted" : `${result.points} of ${result.of}`;
  const first = line(`${MARKS[outcome]} ${says}`, score);
  if (outcome === "pass") return [first];
  if (outcome === "broke") return [first, field("broke", observed)];
  return [
    first,
    field("expected", expected),
    field("observed", observed),
    ...(why === undefined ? [] : [field("why", why)]),
    ...(see === undefined ? [] : [field("see it", see)]),
  ];
}

function line(left: string, right: string): string {
  return `${plain(left).padEnd(WIDTH - right.length - 1)} ${right}`;
}

/** What a learner's servers and commands say may hold anything; a terminal shall show it, not obey it. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, "?");
}

function field(name: string, text: string): string {
  return `  ${name.padEnd(11)}${plain(text).replaceAll("\n", `\n${" ".repeat(13)}`)}`;
}

function points(count: number): string {
  return count === 1 ? "1 point" : `${count} points`;
}
