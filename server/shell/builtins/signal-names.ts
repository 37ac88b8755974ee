import { parseSignal, SIGNAL_NAMES, signalNumber, type Signal } from "../../sim/host/index.ts";

/** The real-time signals, which nobody sends: `kill -l` lists them. */
const REAL_TIME = [
  ...Array.from({ length: 16 }, (_, at) => (at === 0 ? "SIGRTMIN" : `SIGRTMIN+${at}`)),
  ...Array.from({ length: 15 }, (_, at) => (at === 14 ? "SIGRTMAX" : `SIGRTMAX-${14 - at}`)),
];

/** What `kill -l` and `trap -l` show. */
export function signalTable(): string {
  const names: [number, string][] = [
    ...SIGNAL_NAMES.map((name): [number, string] => [signalNumber(name), name]),
    ...REAL_TIME.map((name, at): [number, string] => [34 + at, name]),
  ];
  let text = "";
  for (const [at, [number, name]] of names.entries()) {
    text += `${String(number).padStart(2)}) ${name}`;
    text += at % 5 === 4 || at === names.length - 1 ? "\n" : "\t";
  }
  return text;
}

/** Reads `INT`, `SIGINT`, `int`, `2`. */
export function readSignal(text: string): Signal | undefined {
  return parseSignal(text);
}

/** `kill -l 9`, `kill -l 137`, `kill -l TERM`: the name of a number (also of an exit status), the number of a name. */
export function translateSignal(text: string): string | undefined {
  if (text === "0") return "EXIT";
  if (/^\d+$/.test(text)) {
    const number = Number(text) > 128 ? Number(text) - 128 : Number(text);
    return SIGNAL_NAMES.find((name) => signalNumber(name) === number)?.slice(3);
  }
  const signal = parseSignal(text);
  return signal && String(signalNumber(signal));
}
