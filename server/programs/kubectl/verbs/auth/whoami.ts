import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { command } from "../../cobra/command.ts";
import { GoError, isReason } from "../../errors/go-error.ts";
import { isFailure, TABLE, TabWriter } from "../../output/index.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../../printing/print-flags.ts";

const VERSIONS = ["v1", "v1beta1", "v1alpha1"];

export const whoami = command({
  use: "auth whoami",
  summary: "Experimental: Check self subject attributes",
  about: "Check who you are to the server.",
  examples: "# Who am I?\nkubectl auth whoami",
  flags: PRINT_FLAGS,
  complete: () => ({}),
  async run(_, { flags, factory, process }) {
    const client = await factory.client();
    for (const version of VERSIONS) {
      const apiVersion = `authentication.k8s.io/${version}`;
      try {
        const review = await client.object({
          method: "POST",
          path: `/apis/${apiVersion}/selfsubjectreviews`,
          body: {
            kind: "SelfSubjectReview",
            apiVersion,
            metadata: { creationTimestamp: null },
            status: { userInfo: {} },
          },
        });
        if (flags.output === "" && flags.template === "") return await process.print(attributes(review));
        const printer = objectPrinter(process, flags, { typed: true });
        if (isFailure(printer)) throw new GoError(printer.error);
        return await emit(process, printer.print({ kind: "SelfSubjectReview", apiVersion, ...review }));
      } catch (error) {
        if (isReason(error, "Forbidden"))
          throw new GoError(
            "the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it",
          );
        if (!isReason(error, "NotFound")) throw error;
      }
    }
    throw new GoError(
      "the selfsubjectreviews API is not enabled in the cluster\nenable APISelfSubjectReview feature gate and authentication.k8s.io/v1alpha1 or authentication.k8s.io/v1beta1 API",
    );
  },
});

function attributes(review: JsonObject): string {
  const { userInfo = {} } = (review["status"] ?? {}) as {
    userInfo?: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
  };
  const writer = new TabWriter(TABLE);
  writer.write("ATTRIBUTE\tVALUE\n");
  if (userInfo.username) writer.write(`Username\t${userInfo.username}\n`);
  if (userInfo.uid) writer.write(`UID\t${userInfo.uid}\n`);
  if (userInfo.groups?.length) writer.write(`Groups\t[${userInfo.groups.join(" ")}]\n`);
  for (const [key, values] of Object.entries(userInfo.extra ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
    writer.write(`Extra: ${key}\t[${values.join(" ")}]\n`);
  return writer.take();
}
