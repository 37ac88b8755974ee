import type { Attempts } from "../../attempts/index.ts";
import type { Reviews } from "../../reviews/index.ts";
import { AttemptManagement, GiveTime, Gradings } from "../../sessions/protocol/index.ts";
import { userOf } from "./roles.ts";
import { ById, ERRORS, type Api } from "./typed.ts";

const MANAGED = { 200: AttemptManagement, ...ERRORS };
const config = { role: "instructor" } as const;

/** What instructors do with an attempt: its clock, and grading it again. */
export function managementRoutes(api: Api, { management }: Attempts, reviews?: Reviews): void {
  const regrade = async (id: string, by: string): Promise<Gradings> => {
    const gradings = await management.regrade(id, by);
    await reviews?.regraded(id, by);
    return gradings;
  };
  api.get(
    "/attempts/:id/management",
    {
      config,
      schema: { summary: "An attempt's clock and gradings, to manage them", params: ById, response: MANAGED },
    },
    (request) => management.view(request.params.id),
  );
  api.post(
    "/attempts/:id/extra-time",
    {
      config,
      schema: {
        summary: "Gives an open exam more minutes, or takes given ones back",
        params: ById,
        body: GiveTime,
        response: MANAGED,
      },
    },
    (request) => management.giveTime(request.params.id, request.body.minutes, userOf(request).name),
  );
  api.post(
    "/attempts/:id/pause",
    { config, schema: { summary: "Stops the clock of an open attempt", params: ById, response: MANAGED } },
    (request) => management.pause(request.params.id, userOf(request).name),
  );
  api.post(
    "/attempts/:id/resume",
    { config, schema: { summary: "Lets a paused attempt go on", params: ById, response: MANAGED } },
    (request) => management.resume(request.params.id, userOf(request).name),
  );
  api.post(
    "/attempts/:id/regrade",
    {
      config,
      schema: {
        summary: "Grades a graded attempt again, with its labs as their files are now",
        params: ById,
        response: { 200: Gradings, ...ERRORS },
      },
    },
    (request) => regrade(request.params.id, userOf(request).name),
  );
}
