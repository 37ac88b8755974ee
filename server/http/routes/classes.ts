import { z } from "zod";
import type { Accounts } from "../../accounts/index.ts";
import { toCsv, type Classes } from "../../classes/index.ts";
import {
  AddInstructor,
  AssignedList,
  Assignment,
  AssignmentResults,
  ClassList,
  ClassView,
  MadeInvitation,
  NewAssignment,
  NewClass,
  NewClassInvitation,
  SetExtra,
} from "../../sessions/protocol/index.ts";
import type { Site } from "../site.ts";
import { invitationOf, linkOf } from "./accounts.ts";
import { liveRoute } from "./live.ts";
import { userOf } from "./roles.ts";
import { ById, ERRORS, type Api } from "./typed.ts";

const DONE = { 204: z.null().describe("Done"), ...ERRORS };
const ByLearner = ById.extend({ learner: z.string().max(100) });
const ByInstructor = ById.extend({ instructor: z.string().max(100) });
const INSTRUCTOR = { role: "instructor" } as const;
const CSV = "text/csv";

export interface ClassRoutesOptions {
  readonly classes: Classes;
  readonly accounts: Accounts;
  readonly site: Site;
}

/** Classes and what is assigned in them, for who teaches; and what is assigned to whoever asks. */
export function classRoutes(api: Api, { classes, accounts, site }: ClassRoutesOptions): void {
  api.get(
    "/assigned",
    { schema: { summary: "What is assigned to whoever asks", response: { 200: AssignedList, ...ERRORS } } },
    (request) => classes.assigned(userOf(request).id),
  );
  api.get(
    "/classes",
    {
      config: INSTRUCTOR,
      schema: { summary: "The classes that one leads; for admins all", response: { 200: ClassList, ...ERRORS } },
    },
    (request) => classes.list(userOf(request)),
  );
  api.post(
    "/classes",
    {
      config: INSTRUCTOR,
      schema: { summary: "Makes a class", body: NewClass, response: { 201: ClassView, ...ERRORS } },
    },
    async (request, reply) => reply.code(201).send(await classes.make(request.body.name, userOf(request).id)),
  );
  api.get(
    "/classes/:id",
    {
      config: INSTRUCTOR,
      schema: {
        summary: "A class: its learners and its assignments",
        params: ById,
        response: { 200: ClassView, ...ERRORS },
      },
    },
    (request) => classes.view(request.params.id),
  );
  api.put(
    "/classes/:id/name",
    { config: INSTRUCTOR, schema: { summary: "Renames a class", params: ById, body: NewClass, response: DONE } },
    async (request, reply) => {
      await classes.rename(request.params.id, request.body.name);
      return reply.code(204).send(null);
    },
  );
  api.delete(
    "/classes/:id",
    {
      config: INSTRUCTOR,
      schema: { summary: "Removes a class; accounts and attempts stay", params: ById, response: DONE },
    },
    async (request, reply) => {
      await classes.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );
  api.delete(
    "/classes/:id/learners/:learner",
    { config: INSTRUCTOR, schema: { summary: "Takes a learner out of a class", params: ByLearner, response: DONE } },
    async (request, reply) => {
      await classes.removeLearner(request.params.id, request.params.learner);
      return reply.code(204).send(null);
    },
  );
  api.post(
    "/classes/:id/instructors",
    {
      config: INSTRUCTOR,
      schema: { summary: "Lets another instructor lead a class", params: ById, body: AddInstructor, response: DONE },
    },
    async (request, reply) => {
      await classes.addInstructor(request.params.id, request.body.instructor);
      return reply.code(204).send(null);
    },
  );
  api.delete(
    "/classes/:id/instructors/:instructor",
    {
      config: INSTRUCTOR,
      schema: { summary: "Lets somebody lead a class no longer", params: ByInstructor, response: DONE },
    },
    async (request, reply) => {
      await classes.removeInstructor(request.params.id, request.params.instructor);
      return reply.code(204).send(null);
    },
  );
  api.post(
    "/classes/:id/invitations",
    {
      config: INSTRUCTOR,
      schema: {
        summary: "Makes a link with which learners join a class",
        params: ById,
        body: NewClassInvitation,
        response: { 201: MadeInvitation, ...ERRORS },
      },
    },
    async (request, reply) => {
      const { id, name } = await classes.view(request.params.id);
      const order = { ...request.body, role: "learner" as const };
      const { row, secret } = await accounts.invitations.make(order, userOf(request).id, id);
      const link = linkOf(site, request.headers.host ?? "", request.protocol, secret);
      return reply.code(201).send({ invitation: await invitationOf(row, async () => name), link });
    },
  );
  api.post(
    "/classes/:id/assignments",
    {
      config: INSTRUCTOR,
      schema: {
        summary: "Assigns a lab or an exam to a class",
        params: ById,
        body: NewAssignment,
        response: { 201: Assignment, ...ERRORS },
      },
    },
    async (request, reply) => reply.code(201).send(await classes.assign(request.params.id, request.body)),
  );
  assignmentRoutes(api, classes);
  liveRoute(api, classes, accounts);
}

function assignmentRoutes(api: Api, classes: Classes): void {
  api.delete(
    "/assignments/:id",
    {
      config: INSTRUCTOR,
      schema: { summary: "Takes an assignment back; attempts stay", params: ById, response: DONE },
    },
    async (request, reply) => {
      await classes.unassign(request.params.id);
      return reply.code(204).send(null);
    },
  );
  api.put(
    "/assignments/:id/extra",
    {
      config: INSTRUCTOR,
      schema: {
        summary: "Gives a learner more time, for attempts that are started from now on",
        params: ById,
        body: SetExtra,
        response: DONE,
      },
    },
    async (request, reply) => {
      const { learner, minutes } = request.body;
      await classes.setExtra(request.params.id, learner, minutes);
      return reply.code(204).send(null);
    },
  );
  api.get(
    "/assignments/:id/results",
    {
      config: INSTRUCTOR,
      schema: {
        summary: "What an assignment's attempts came to, by learner and by check",
        params: ById,
        response: { 200: AssignmentResults, ...ERRORS },
      },
    },
    (request) => classes.results(request.params.id),
  );
  api.get(
    "/assignments/:id/results.csv",
    {
      config: INSTRUCTOR,
      schema: {
        summary: "The same as a table for spreadsheets",
        params: ById,
        response: { 200: { content: { [CSV]: { schema: z.string() } } }, ...ERRORS },
      },
    },
    async (request, reply) => {
      const results = await classes.results(request.params.id);
      reply.header("content-disposition", 'attachment; filename="results.csv"').type(`${CSV}; charset=utf-8`);
      return reply.send(toCsv(results));
    },
  );
}
