import { quote } from "../go-syntax.ts";

/** encoding/base64's complaint about a text that is not standard base64 with padding; undefined if it is. */
export function base64Error(text: string): string | undefined {
  const wrong = corruptAt(text);
  return wrong === undefined ? undefined : `illegal base64 data at input byte ${wrong}`;
}

function corruptAt(text: string): number | undefined {
  let quantum = 0;
  let filled = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\n" || char === "\r") continue;
    if (filled === 0) quantum = at;
    if (/[A-Za-z0-9+/]/.test(char)) {
      filled = (filled + 1) % 4;
      continue;
    }
    if (char !== "=" || filled < 2) return at;
    let rest = at + 1;
    if (filled === 2) {
      while (/[\r\n]/.test(text[rest] ?? "")) rest++;
      if (rest >= text.length) return text.length;
      if (text[rest] !== "=") return rest;
      rest++;
    }
    while (/[\r\n]/.test(text[rest] ?? "")) rest++;
    return rest < text.length ? rest : undefined;
  }
  return filled === 0 ? undefined : quantum;
}

const LAYOUTS = { time: "2006-01-02T15:04:05Z07:00", microTime: "2006-01-02T15:04:05.000000Z07:00" };

const PARTS: readonly [pattern: RegExp, layout: string][] = [
  [/^\d{4}/, "2006"],
  [/^-/, "-"],
  [/^\d{2}/, "01"],
  [/^-/, "-"],
  [/^\d{2}/, "02"],
  [/^T/, "T"],
  [/^\d{2}/, "15"],
  [/^:/, ":"],
  [/^\d{2}/, "04"],
  [/^:/, ":"],
  [/^\d{2}(?:\.\d+)?/, "05"],
  [/^(?:Z|[+-]\d{2}:\d{2})/, "Z07:00"],
];

/** Go's complaint about a text that is no RFC 3339 time. */
export function timeError(text: string, kind: keyof typeof LAYOUTS): string {
  const head = `parsing time ${quote(text)}`;
  let rest = text;
  for (const [pattern, layout] of PARTS) {
    const match = pattern.exec(rest);
    if (!match) return `${head} as ${quote(LAYOUTS[kind])}: cannot parse ${quote(rest)} as ${quote(layout)}`;
    rest = rest.slice(match[0].length);
  }
  if (rest !== "") return `${head}: extra text: ${quote(rest)}`;
  const [, month, day, hour, minute] = /^\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text)!.map(Number);
  const unit =
    month! < 1 || month! > 12
      ? "month"
      : hour! > 23
        ? "hour"
        : minute! > 59
          ? "minute"
          : day! < 1 || day! > 28
            ? "day"
            : "second";
  return `${head}: ${unit} out of range`;
}
