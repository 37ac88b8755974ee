import { z } from "zod";
import { NamespaceName, ObjectReference, Place } from "./names.ts";

/** A value that is read in the world of the attempt, so that nobody can look it up in the lab. */
export const Computed = z.union(
  [
    z.strictObject({
      command: z
        .strictObject({ on: Place, run: z.string().describe("A script, run as root in a copy of the world.") })
        .describe("What a command prints there."),
    }),
    z.strictObject({
      field: z
        .string()
        .regex(
          /^hosts\.[^.]+\.links\.[^.]+(?:\.\d+)?\.(?:address|mtu|state|inet)$/,
          "expected hosts.NODE.links.LINK.address, .mtu, .state or .inet",
        )
        .describe(
          "`hosts.NODE.links.LINK.address`, `.mtu`, `.state` or `.inet`: what a machine's link says of itself.",
        ),
    }),
    z.strictObject({
      object: ObjectReference,
      namespace: NamespaceName.optional(),
      path: z.string().describe("What is at this JSONPath of an object."),
    }),
  ],
  { error: "expected { command: { on, run } }, { field } or { object, namespace, path }" },
);
export type Computed = z.infer<typeof Computed>;

/** Where the right answer comes from: it is computed in the world of the attempt, or stands in the lab. */
export const Answer = z
  .union([z.string(), z.number(), ...Computed.options], {
    error: "expected the answer itself, { command: { on, run } }, { field } or { object, namespace, path }",
  })
  .meta({
    title: "Answer",
    description: "The right answer: it stands here, or is computed in the learner's own world.",
  });
export type Answer = z.infer<typeof Answer>;

/** How two answers are compared: each kind forgives what does not matter. */
export const AnswerForm = z
  .enum(["text", "lines", "number", "address", "mac"])
  .describe(
    "`text`: white space at its ends and runs of it do not matter; `lines`: nor does the order of lines; `number`; `address`: with or without a prefix length; `mac`: in any notation.",
  );
export type AnswerForm = z.infer<typeof AnswerForm>;
