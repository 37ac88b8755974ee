import { groupVersion } from "../client/api-resource.ts";
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
    const versions = [...new Set((await discovery.resources()).map(groupVersion))].sort();
    await process.print(versions.map((version) => `${version}\n`).join(""));
  },
});
