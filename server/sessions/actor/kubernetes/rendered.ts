import { stringify } from "yaml";
import type { ApiResponse } from "../../../sim/kube/api/index.ts";
import type { Bytes } from "../../../sim/kernel/index.ts";

const UTF8 = new TextEncoder();

/** Text as the bytes of a message, in a buffer of its own. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return UTF8.encode(text);
}

/** Bytes of one character each as those of a message. */
export function bytesOf(bytes: Bytes): Uint8Array<ArrayBuffer> {
  const buffer = Buffer.allocUnsafeSlow(bytes.length);
  buffer.write(bytes, "latin1");
  return buffer;
}

/**
 * An object as the API server sends it: JSON with a line feed behind it; /version and answers to people are indented
 * (apiserver's isPrettyPrint); YAML if that was asked for.
 */
export function rendered(
  { object, mediaType }: Extract<ApiResponse, { kind: "object" }>,
  pretty: "yes" | "no" | "version",
): Uint8Array<ArrayBuffer> {
  if (mediaType.startsWith("application/yaml")) return utf8(stringify(object, { lineWidth: 0 }));
  const text = JSON.stringify(object, null, pretty === "no" ? undefined : 2);
  return utf8(pretty === "version" ? text : `${text}\n`);
}

const PEOPLE = /^(curl|Wget|Mozilla\/5\.0)/;

/** Whether an answer is for people to read. */
export function isPretty(url: string, userAgent: string): "yes" | "no" | "version" {
  if (/^\/version\/?(\?|$)/.test(url)) return "version";
  const asked = /[?&]pretty=([^&]*)/.exec(url)?.[1];
  if (asked !== undefined) return asked === "0" || asked === "false" ? "no" : "yes";
  return PEOPLE.test(userAgent) ? "yes" : "no";
}
