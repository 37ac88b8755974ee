import { parseRfc3339 } from "../../../../kernel/index.ts";
import { parseGoDuration } from "../../duration.ts";
import { canonicalQuantity } from "../../quantity.ts";
import { parseCidr, parseIp } from "../../validation/ip.ts";
import { base64Error } from "../scalars.ts";

const HEX = "[0-9a-f]";
const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);
const uuid = (version: string, variant: string): ((text: string) => boolean) =>
  matches(new RegExp(`^${HEX}{8}-?${HEX}{4}-?${version}${HEX}{3}-?${variant}${HEX}{3}-?${HEX}{12}$`, "i"));

/** The formats that custom resources are held to (kube-openapi pkg/validation/strfmt). All others say nothing. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  uri: isUri,
  email: matches(/^[^\s@<>]+@[^\s@<>]+$/),
  hostname: isHostname,
  ipv4: (text) => !text.includes(":") && parseIp(text) !== undefined,
  ipv6: (text) => text.includes(":") && parseIp(text) !== undefined,
  cidr: (text) => parseCidr(text) !== undefined,
  mac: matches(/^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4,6}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2,3}[0-9a-f]{4}$/i),
  uuid: uuid(HEX, HEX),
  uuid3: uuid("3", HEX),
  uuid4: uuid("4", "[89ab]"),
  uuid5: uuid("5", "[89ab]"),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matches(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  rgbcolor: isRgbColor,
  byte: (text) => base64Error(text) === undefined,
  password: () => true,
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && parseRfc3339(`${text}T00:00:00Z`) !== undefined,
  duration: isDuration,
  datetime: (text) => text === "" || parseRfc3339(text.toUpperCase()) !== undefined,
  quantity: (text) => typeof canonicalQuantity(text) === "string",
};

/** Whether a format says anything; `date-time` and `datetime` are one. */
export function isKnownFormat(format: string | undefined): format is string {
  return format !== undefined && Object.hasOwn(FORMATS, format.replaceAll("-", ""));
}

export function isFormat(format: string, text: string): boolean {
  return FORMATS[format.replaceAll("-", "")]!(text);
}

/** net/url ParseRequestURI: an absolute URI or path. */
function isUri(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /^([a-z][a-z0-9+.-]*:.+|\/.*|\*)$/i.test(text) && !/[\u0000- \u007f]|%(?![0-9a-f]{2})/i.test(text);
}

function isHostname(text: string): boolean {
  const name = text.replace(/\.$/, "");
  return (
    name !== "" &&
    name.length <= 253 &&
    name.split(".").every((part) => /^[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?$/i.test(part))
  );
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce((total, char, at) => total + (10 - at) * (char === "X" ? 10 : Number(char)), 0);
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((total, char, at) => total + (at % 2 === 0 ? 1 : 3) * Number(char), 0) % 10 === 0;
}

const CARD =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  if (!CARD.test(digits)) return false;
  const sum = [...digits].toReversed().reduce((total, char, at) => {
    const doubled = Number(char) * (at % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function isRgbColor(text: string): boolean {
  const parts = /^rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(text);
  return parts !== null && parts.slice(1).every((part) => Number(part) <= 255);
}

/** A duration of Go, or one with words: `3 days`. */
function isDuration(text: string): boolean {
  return (
    parseGoDuration(text) !== undefined ||
    /^\d+(\.\d+)?\s*(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?|w|wks?|weeks?)$/.test(
      text,
    )
  );
}
