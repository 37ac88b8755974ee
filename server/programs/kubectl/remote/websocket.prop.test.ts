import fc from "fast-check";
import { expect, test } from "vitest";
import { frame, takeFrames } from "./websocket.ts";

const bytes = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString("latin1"));

test("frames come out as they went in, however the stream was cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(bytes(300), bytes(70_000)), fc.boolean()), { maxLength: 4 }),
      bytes(4).filter((mask) => mask.length === 4),
      fc.nat(),
      (messages, mask, cut) => {
        const stream = messages.map(([payload, isMasked]) => frame(payload, isMasked ? { mask } : {})).join("");
        const at = cut % (stream.length + 1);
        const first = takeFrames(stream.slice(0, at));
        const second = takeFrames(first.rest + stream.slice(at));
        expect([...first.frames, ...second.frames].map(({ payload }) => payload)).toEqual(
          messages.map(([payload]) => payload),
        );
        expect(second.rest).toBe("");
      },
    ),
    { numRuns: 50 },
  );
});

test("a short masked frame is that of RFC 6455 5.7", () => {
  expect(
    Buffer.from(frame("Hello", { mask: "\x37\xfa\x21\x3d" }).replace(/^\x82/, "\x81"), "latin1").toString("hex"),
  ).toBe("818537fa213d7f9f4d5158");
});
