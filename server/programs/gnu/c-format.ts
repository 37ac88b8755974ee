/** One `%` directive of printf(3). `length` modifiers are skipped. */
export interface Directive {
  readonly flags: string;
  readonly width: number | "*" | undefined;
  readonly precision: number | "*" | undefined;
  readonly conversion: string;
  /** As it stands in the format. */
  readonly text: string;
}

const DIRECTIVE = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|h|ll|l|L|q|j|z|t)?([A-Za-z%])/;

/** The directive at the start of the text; undefined if it is none. */
export function readDirective(text: string): Directive | undefined {
  const match = DIRECTIVE.exec(text);
  if (!match) return undefined;
  const [whole, flags, width, precision, conversion] = match as unknown as [string, string, string?, string?, string?];
  return {
    flags,
    width: width === undefined ? undefined : width === "*" ? "*" : Number(width),
    precision: precision === undefined ? undefined : precision === "*" ? "*" : Number(precision || "0"),
    conversion: conversion!,
    text: whole,
  };
}

interface Layout {
  readonly flags: string;
  readonly width?: number | undefined;
  readonly precision?: number | undefined;
}

/** Fills text up to the width; negative widths stand for the flag `-`. */
export function padText(text: string, { flags, width = 0, precision }: Layout): string {
  const cut = precision === undefined ? text : text.slice(0, precision);
  return flags.includes("-") || width < 0 ? cut.padEnd(Math.abs(width)) : cut.padStart(width);
}

/** `%d`, `%u`, `%o`, `%x`, `%X`; unsigned ones take negative values as 64-bit two's complement. */
export function formatInteger(value: bigint, conversion: string, layout: Layout): string {
  const { flags, precision } = layout;
  const signed = conversion === "d" || conversion === "i";
  const magnitude = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  const base = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  let digits = magnitude.toString(base);
  if (precision === 0 && magnitude === 0n) digits = "";
  if (precision !== undefined) digits = digits.padStart(precision, "0");
  if (flags.includes("#") && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  const prefix = flags.includes("#") && base === 16 && magnitude !== 0n ? "0x" : "";
  const sign = signed ? signOf(value < 0n, flags) : "";
  const text = place(sign + prefix, digits, layout, precision === undefined);
  return conversion === "X" ? text.toUpperCase() : text;
}

/** `%f`, `%e`, `%g`, `%a` and their capitals. */
export function formatFloat(value: number, conversion: string, layout: Layout): string {
  const { flags } = layout;
  const lower = conversion.toLowerCase();
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  let digits: string;
  if (!Number.isFinite(value)) digits = Number.isNaN(value) ? "nan" : "inf";
  else if (lower === "f") digits = fixed(magnitude, layout.precision ?? 6);
  else if (lower === "e") digits = exponential(magnitude, layout.precision ?? 6);
  else if (lower === "a") digits = hexadecimal(magnitude);
  else digits = general(magnitude, layout.precision ?? 6, flags.includes("#"));
  if (flags.includes("'")) digits = digits.replace(/^\d+/, (whole) => whole);
  const text = place(signOf(negative && !Number.isNaN(value), flags), digits, layout, Number.isFinite(value));
  return conversion === lower ? text : text.toUpperCase();
}

function signOf(negative: boolean, flags: string): string {
  return negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

function place(sign: string, digits: string, { flags, width = 0 }: Layout, zeros: boolean): string {
  if (flags.includes("-") || width < 0) return (sign + digits).padEnd(Math.abs(width));
  if (flags.includes("0") && zeros) return sign + digits.padStart(width - sign.length, "0");
  return (sign + digits).padStart(width);
}

/** `toFixed` rounds ties up, C to the even digit. */
function fixed(value: number, precision: number): string {
  if (value < 1e21 && precision <= 60) {
    const more = value.toFixed(precision + 40);
    const cut = more.length - 40;
    const text = value.toFixed(precision);
    if (!/^\.?50*$/.test(more.slice(precision === 0 ? cut - 1 : cut))) return text;
    const below = more.slice(0, precision === 0 ? cut - 1 : cut);
    return /[02468]$/.test(below) ? below : text;
  }
  return `${BigInt(value).toString()}${precision > 0 ? `.${"0".repeat(precision)}` : ""}`;
}

function exponential(value: number, precision: number): string {
  return value.toExponential(Math.min(100, precision)).replace(/e([-+])(\d)$/, "e$10$2");
}

function general(value: number, given: number, keepZeros: boolean): string {
  const precision = given === 0 ? 1 : given;
  if (value === 0) return keepZeros ? `0.${"0".repeat(precision - 1)}` : "0";
  const exponent = Number(value.toExponential(Math.min(100, precision - 1)).split("e")[1]);
  const text =
    exponent < -4 || exponent >= precision ? exponential(value, precision - 1) : fixed(value, precision - 1 - exponent);
  if (keepZeros || !text.includes(".")) return text;
  return text.replace(/\.?0+(?=e|$)/, "");
}

function hexadecimal(value: number): string {
  if (value === 0) return "0x0p+0";
  let exponent = Math.floor(Math.log2(value));
  const mantissa = value / 2 ** exponent;
  const hex = mantissa.toString(16);
  exponent += 0;
  return `0x${hex}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
