import type { Attempts } from "../../attempts/index.ts";
import { Catalogue } from "../../sessions/protocol/index.ts";
import { userOf } from "./roles.ts";
import { ERRORS, type Api } from "./typed.ts";

export function catalogueRoutes(api: Api, attempts: Attempts): void {
  api.get(
    "/catalogue",
    {
      schema: {
        summary: "All labs and exams, what was done with them, and attempts to go on with",
        response: { 200: Catalogue, ...ERRORS },
      },
    },
    (request) => attempts.catalogue(userOf(request).id),
  );
}
