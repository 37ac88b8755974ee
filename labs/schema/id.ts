import { z } from "zod";

/** What a lab, a task or an exam is called in addresses, files and reports. */
export const Id = z.string().regex(/^[a-z][a-z0-9-]*$/, "an id is lower-case words joined by -");
