import { calendar, fromCalendar, MONTHS } from "../sim/kernel/index.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const cal = tool({
  name: "cal",
  package: "ncal",
  title: "cal (bsdmainutils)",
  summary: "displays a calendar",
  usage: ["[-3hy] [-m month] [[month] year]"],
  trouble: 64,
  flags: {
    three: { short: "3", help: "display the previous, current and next month" },
    plain: { short: "h", help: "turn off highlighting of today" },
    year: { short: "y", help: "display a calendar for the specified year" },
    month: { short: "m", arg: "month", help: "display the specified month" },
    others: { short: "1jNJCeopbwABdHMS", simulated: false },
  },
  async run(call) {
    const { operands, process } = call;
    const now = calendar(process.now);
    if (operands.length > 2) return call.usage();
    let [month, year] = [now.month, now.year];
    const yearText = operands.at(-1);
    if (yearText !== undefined) {
      if (!/^\d+$/.test(yearText)) return call.fail(`not a valid year ${yearText}`);
      year = Number(yearText);
      if (year < 1 || year > 9999) return call.fail(`year \`${yearText}' not in range 1..9999`);
    }
    const monthText = call.value("month") ?? (operands.length === 2 ? operands[0]! : undefined);
    if (monthText !== undefined) {
      const found = monthOf(monthText);
      if (found === undefined) return call.fail(`${monthText} is neither a month number (1..12) nor a name`);
      month = found;
    }
    const today = call.has("plain") || !process.isTty(1) ? undefined : now;
    const draw = (at: number, withYear: boolean): string[] => block(year, at, withYear, today);
    if (call.has("year") || (operands.length === 1 && monthText === undefined)) return wholeYear(call, year, draw);
    const months = call.has("three") ? [month - 1, month, month + 1] : [month];
    await call.out.print(beside(months.map((at) => draw(at, true))));
    return 0;
  },
});

function monthOf(text: string): number | undefined {
  const number = /^\d+$/.test(text)
    ? Number(text)
    : MONTHS.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase())) + 1;
  return number >= 1 && number <= 12 ? number : undefined;
}

async function wholeYear(
  call: Call<string>,
  year: number,
  draw: (month: number, withYear: boolean) => string[],
): Promise<number> {
  const quarters = [1, 4, 7, 10].map((first) => beside([0, 1, 2].map((at) => draw(first + at, false))));
  await call.out.print(`${" ".repeat(Math.floor((60 - String(year).length) / 2))}${year}\n${quarters.join("\n")}`);
  return 0;
}

const WIDTH = 20;

function center(text: string): string {
  const before = Math.floor((WIDTH - text.length) / 2);
  return (" ".repeat(before) + text).padEnd(WIDTH);
}

/** A month as eight lines: its name, the weekdays, six weeks. */
function block(
  ofYear: number,
  ofMonth: number,
  withYear: boolean,
  today: { year: number; month: number; day: number } | undefined,
): string[] {
  const { year, month, weekday } = calendar(fromCalendar(ofYear, ofMonth, 1));
  const days = calendar(fromCalendar(year, month + 1, 0)).day;
  const lines = [center(withYear ? `${MONTHS[month - 1]!} ${year}` : MONTHS[month - 1]!), "Su Mo Tu We Th Fr Sa"];
  for (let week = 0; week < 6; week++) {
    const cells = Array.from({ length: 7 }, (_, at) => {
      const day = week * 7 + at - weekday + 1;
      const text = day < 1 || day > days ? "  " : String(day).padStart(2);
      const highlighted = today?.year === year && today.month === month && today.day === day;
      return highlighted ? `\x1b[7m${text}\x1b[27m` : text;
    });
    lines.push(cells.join(" "));
  }
  return lines;
}

function beside(blocks: readonly string[][]): string {
  return blocks[0]!.map((_, line) => `${blocks.map((block) => `${block[line]!}  `).join("")}\n`).join("");
}
