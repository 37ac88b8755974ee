import type { Process } from "../../sim/host/index.ts";
import type { HelmOptions } from "./options.ts";
import { dropIndex, fetchIndex, readRepositories, writeRepositories } from "./repositories.ts";
import { table } from "./table.ts";

/** helm repo add, list, update, remove */
export async function repo(process: Process, options: HelmOptions): Promise<number> {
  const [verb = "", ...words] = options.words;
  const fail = async (text: string, code = 1): Promise<number> => {
    await process.error(`${text}\n`);
    return code;
  };
  switch (verb) {
    case "add":
      return add(process, options, words);
    case "list":
    case "ls": {
      const known = readRepositories(process) ?? [];
      if (known.length === 0) return fail("Error: no repositories to show");
      await process.print(table([["NAME", "URL"], ...known.map(({ name, url }) => [name, url])]));
      return 0;
    }
    case "update":
    case "up":
      return update(process, words);
    case "remove":
    case "rm":
      if (words.length === 0) return fail('Error: "helm repo remove" requires at least 1 argument\n\nUsage:  helm repo remove [REPO1 [REPO2 ...]] [flags]'); // prettier-ignore
      for (const name of words) {
        const known = readRepositories(process);
        if (!known) return fail("Error: no repositories configured");
        if (!known.some((one) => one.name === name)) return fail(`Error: no repo named ${JSON.stringify(name)} found`);
        writeRepositories(process, known.filter((one) => one.name !== name)); // prettier-ignore
        dropIndex(process, name);
        await process.print(`${JSON.stringify(name)} has been removed from your repositories\n`);
      }
      return 0;
    case "index":
      return fail("drydock: helm: 'repo index' is not simulated", 64);
    default:
      return fail(`Error: unknown command ${JSON.stringify(verb)} for "helm repo"`);
  }
}

async function add(process: Process, { flags }: HelmOptions, words: readonly string[]): Promise<number> {
  const fail = async (text: string): Promise<number> => {
    await process.error(`Error: ${text}\n`);
    return 1;
  };
  if (words.length !== 2)
    return fail('"helm repo add" requires 2 arguments\n\nUsage:  helm repo add [NAME] [URL] [flags]');
  const [name, url] = words as [string, string];
  const known = readRepositories(process) ?? [];
  const same = known.find((one) => one.name === name);
  if (same && !flags.has("force-update")) {
    if (same.url !== url) return fail(`repository name (${name}) already exists, please specify a different name`);
    await process.print(`${JSON.stringify(name)} already exists with the same configuration, skipping\n`);
    return 0;
  }
  const problem = await fetchIndex(process, { name, url });
  if (problem !== undefined)
    return fail(`looks like ${JSON.stringify(url)} is not a valid chart repository or cannot be reached: ${problem}`);
  writeRepositories(process, [...known.filter((one) => one.name !== name), { name, url }]);
  await process.print(`${JSON.stringify(name)} has been added to your repositories\n`);
  return 0;
}

async function update(process: Process, names: readonly string[]): Promise<number> {
  const known = readRepositories(process) ?? [];
  if (known.length === 0) {
    await process.error("Error: no repositories found. You must add one before updating\n");
    return 1;
  }
  const missing = names.filter((name) => !known.some((one) => one.name === name));
  if (missing.length > 0) {
    await process.error(`Error: no repositories found matching '${missing[0]!}'.  Nothing will be updated\n`);
    return 1;
  }
  await process.print("Hang tight while we grab the latest from your chart repositories...\n");
  for (const one of known.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const problem = await fetchIndex(process, one);
    await process.print(
      problem === undefined
        ? `...Successfully got an update from the ${JSON.stringify(one.name)} chart repository\n`
        : `...Unable to get an update from the ${JSON.stringify(one.name)} chart repository (${one.url}):\n\t${problem}\n`,
    );
  }
  await process.print("Update Complete. ⎈Happy Helming!⎈\n");
  return 0;
}
