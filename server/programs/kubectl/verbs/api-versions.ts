import { groupVersion } from "../client/api-resource.ts";
import { GoError } from "../errors/go-error.ts";
import { command, usageError } from "../cobra/command.ts";

export const apiVersions = command({
  use: "api-versions",
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  about: 'Print the API versions that the server has, as "group/version".',
  examples: "# All of them\nkubectl api-versions",
  flags: {},
  complete: (invocation) =>
    invocation.args.length > 0 ? usageError(invocation, `unexpected arguments: [${invocation.args.join(" ")}]`) : {},
  async run(_, { factory, process }) {
    const { discovery } = await factory.mapper();
    discovery.invalidate();
    const resources = await discovery.resources().catch((error: unknown) => {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(`couldn't get available api versions from server: ${error.message}`);
    });
    const versions = [...new Set(resources.map(groupVersion))].sort();
    await process.print(versions.map((version) => `${version}\n`).join(""));
  },
});
