import type { Bytes, Duration } from "../../kernel/index.ts";
import type { Application, Context, StreamAnswer, StreamServer } from "../transport/application.ts";
import { hasToken, staysOpen } from "./message.ts";
import { parseRequest } from "./parse.ts";
import { serializeResponse } from "./serialize.ts";

/** What is kept between two pieces: a request that is not complete. */
interface HttpMemory {
  readonly buffer: Bytes;
}

/** Lets an application that answers requests serve a stream of bytes: whole requests in, responses out, in their order. */
export function httpStream(application: Required<Pick<Application, "http">>): StreamServer {
  return {
    receive(bytes, context, memory) {
      return answer(application, ((memory as HttpMemory | undefined)?.buffer ?? "") + bytes, context);
    },
  };
}

function answer(application: Required<Pick<Application, "http">>, buffer: Bytes, context: Context): StreamAnswer {
  let out = "";
  let delay: Duration = 0;
  for (let rest = buffer; ;) {
    const parsed = parseRequest(rest);
    if (parsed === "incomplete") {
      const expects = /\r\nExpect: 100-continue\r\n/i.test(rest) && rest.endsWith("\r\n\r\n");
      return { bytes: expects ? `${out}HTTP/1.1 100 Continue\r\n\r\n` : out, delay, memory: { buffer: rest } };
    }
    if (parsed === "malformed") return { bytes: out + BAD_REQUEST, delay, close: "fin" };
    const { message } = parsed;
    const response = application.http(message, context);
    delay += response.delay ?? 0;
    if (!("status" in response)) return { bytes: out, delay, close: response.close };
    out += serializeResponse(response, message.method);
    if (!staysOpen(message, response)) return { bytes: out, delay, close: response.close ?? "fin" };
    if (hasToken(response, "Connection", "upgrade")) return { bytes: out, delay, memory: { buffer: parsed.rest } };
    rest = parsed.rest;
    if (rest === "") return { bytes: out, delay, memory: { buffer: "" } };
  }
}

const BAD_REQUEST =
  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
