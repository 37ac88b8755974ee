import { encode, decode, type Bytes } from "../../kernel/index.ts";
import type { Application, Context, StreamAnswer } from "../../net/index.ts";
import { FLAG, FRAME, PREFACE, readFrames, readHeaders, writeFrame, writeHeaders, type Frame } from "./http2.ts";

/** grpc.health.v1.Health/Check (grpc/health/v1/health.proto). */
const PATH = "/grpc.health.v1.Health/Check";

export const SERVING = { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const;
export type Serving = keyof typeof SERVING;

/** What a server answers: a status of the service, or a gRPC error. */
export type HealthAnswer = { readonly serving: Serving } | { readonly code: number; readonly message: string };

/** The codes of gRPC by number. */
export const CODES = [
  "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied",
  "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss",
  "Unauthenticated",
] as const; // prettier-ignore

const SETTINGS = writeFrame({ type: FRAME.settings, flags: 0, stream: 0, payload: "" });
const ACK = writeFrame({ type: FRAME.settings, flags: FLAG.ack, stream: 0, payload: "" });

/** A message as gRPC frames it: not compressed, with its length. */
function framed(message: Bytes): Bytes {
  const { length } = message;
  return `\0${String.fromCharCode((length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255)}${message}`;
}

function headers(fields: readonly (readonly [string, string])[], end: boolean): Bytes {
  const flags = FLAG.endHeaders | (end ? FLAG.endStream : 0);
  return writeFrame({ type: FRAME.headers, flags, stream: 1, payload: writeHeaders(fields) });
}

/** All that a client says for one check. */
export function checkRequest(authority: string, service: string, userAgent: string): Bytes {
  const name = encode(service);
  const message = name === "" ? "" : `\x0a${String.fromCharCode(name.length)}${name}`;
  return (
    PREFACE +
    SETTINGS +
    headers(
      [
        [":method", "POST"],
        [":scheme", "http"],
        [":path", PATH],
        [":authority", authority],
        ["content-type", "application/grpc"],
        ["user-agent", userAgent],
        ["te", "trailers"],
      ],
      false,
    ) +
    writeFrame({ type: FRAME.data, flags: FLAG.endStream, stream: 1, payload: framed(message) })
  );
}

/** What a server has answered to it; undefined if that is not complete, or is no HTTP/2. */
export function checkAnswer(bytes: Bytes): HealthAnswer | undefined {
  const frames = readFrames(bytes);
  const last = frames?.findLast(({ type, flags }) => type === FRAME.headers && (flags & FLAG.endStream) !== 0);
  const trailers = last && readHeaders(last.payload);
  if (!frames || !trailers) return undefined;
  const code = Number(trailers.get("grpc-status") ?? "2");
  if (code !== 0) return { code, message: trailers.get("grpc-message") ?? "" };
  const status = frames.find(({ type }) => type === FRAME.data)?.payload.charCodeAt(6) ?? 0;
  return { serving: (Object.keys(SERVING) as Serving[]).find((name) => SERVING[name] === status) ?? "UNKNOWN" };
}

interface Memory {
  readonly received: Bytes;
}

/** A server of nothing but health checks. */
export function healthServer(answer: (service: string, context: Context) => HealthAnswer): Application {
  return {
    stream: {
      open: () => ({ bytes: SETTINGS }),
      receive(bytes, context, memory): StreamAnswer {
        const received = ((memory as Memory | undefined)?.received ?? "") + bytes;
        if (!PREFACE.startsWith(received.slice(0, PREFACE.length))) return { close: "fin" };
        const frames = readFrames(received.slice(PREFACE.length));
        if (!frames) return { close: "fin" };
        const ended = frames.some(
          ({ stream, flags, type }) => stream === 1 && type !== FRAME.settings && (flags & 1) !== 0,
        );
        if (!ended) return { memory: { received } satisfies Memory };
        return { bytes: ACK + respond(frames, (service) => answer(service, context)), memory: { received: "" } };
      },
    },
  };
}

function respond(frames: readonly Frame[], answer: (service: string) => HealthAnswer): Bytes {
  const head = frames.find(({ type }) => type === FRAME.headers);
  const path = head && readHeaders(head.payload)?.get(":path");
  const body = frames.find(({ type }) => type === FRAME.data)?.payload.slice(5) ?? "";
  const service = body.startsWith("\x0a") ? decode(body.slice(2, 2 + body.charCodeAt(1))) : "";
  const method = path?.slice(path.lastIndexOf("/") + 1) ?? "";
  const found: HealthAnswer =
    path === PATH
      ? answer(service)
      : { code: 12, message: `unknown method ${method} for service ${path?.split("/")[1] ?? ""}` };
  const first: [string, string][] = [
    [":status", "200"],
    ["content-type", "application/grpc"],
  ];
  if ("code" in found)
    return headers([...first, ["grpc-status", String(found.code)], ["grpc-message", found.message]], true);
  return (
    headers(first, false) +
    writeFrame({
      type: FRAME.data,
      flags: 0,
      stream: 1,
      payload: framed(`\x08${String.fromCharCode(SERVING[found.serving])}`),
    }) +
    headers(
      [
        ["grpc-status", "0"],
        ["grpc-message", ""],
      ],
      true,
    )
  );
}
