import { SECOND } from "../../sim/kernel/index.ts";
import { field, type ResponseHead } from "../http/response-stream.ts";

export function lengthLine(head: ResponseHead): string {
  const length = field(head, "content-length");
  const type = field(head, "content-type")?.split(";")[0]!.trim();
  const kind = type === undefined ? "" : ` [${type}]`;
  if (length === undefined) return `Length: unspecified${kind}\n`;
  const human = Number(length) < 1024 ? "" : ` (${humanSize(Number(length))})`;
  return `Length: ${length}${human}${kind}\n`;
}

function humanSize(bytes: number): string {
  const units = ["K", "M", "G", "T"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${units[unit]!}`;
}

export function speed(bytes: number, span: number): string {
  const perSecond = (bytes * SECOND) / Math.max(span, 1);
  const units = ["B/s", "KB/s", "MB/s", "GB/s"];
  let value = perSecond;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  return `${value >= 99.95 ? Math.round(value) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)} ${units[unit]!}`;
}
