import { z } from "zod";

/** A fault of the catalogue, with its parameters. */
export const Fault = z.strictObject({
  "service-selector": z
    .strictObject({ service: z.string(), namespace: z.string(), change: z.record(z.string(), z.string()) })
    .optional(),
  "service-target-port": z
    .strictObject({ service: z.string(), namespace: z.string(), port: z.union([z.int(), z.string()]) })
    .optional(),
});
export type Fault = z.infer<typeof Fault>;
