import { group, type Entry } from "../../cobra/command.ts";

const entry = (name: string, summary: string, load: Entry["load"], aliases?: readonly string[]): Entry => ({
  name,
  summary,
  load,
  ...(aliases ? { aliases } : {}),
});

export const set = group({
  helpOnError: true,
  use: "set SUBCOMMAND",
  summary: "Set specific features on objects",
  about: "Change single features of resources that are there.",
  subcommands: [
    entry("env", "Update environment variables on a pod template", async () => (await import("./env.ts")).env),
    entry("image", "Update the image of a pod template", async () => (await import("./image.ts")).image),
    entry(
      "resources",
      "Update resource requests/limits on objects with pod templates",
      async () => (await import("./resources.ts")).resources,
    ),
    entry("selector", "Set the selector on a resource", async () => (await import("./selector.ts")).selector),
    entry(
      "serviceaccount",
      "Update the service account of a resource",
      async () => (await import("./serviceaccount.ts")).serviceAccount,
      ["sa"],
    ),
    entry(
      "subject",
      "Update the user, group, or service account in a role binding or cluster role binding",
      async () => (await import("./subject.ts")).subject,
    ),
  ],
});
