import { exec, findInPath, type Program } from "../host/index.ts";

/** /entrypoint.sh of curlimages/curl: puts `curl` before what is no command. */
export const curlEntrypoint: Program = {
  name: "curl-entrypoint",
  summary: "runs curl, or another command of the image",
  async run(process, args) {
    const find = (name: string): string | undefined =>
      name.includes("/")
        ? process.host.files.access(name, 1, process)
          ? name
          : undefined
        : findInPath(process.host, name, process.env.PATH, process);
    const [first = ""] = args;
    const words = first.startsWith("-") || first === "" || find(first) === undefined ? ["curl", ...args] : args;
    const path = find(words[0]!);
    if (path !== undefined) return exec(process, path, words, process.env);
    await process.error(`/entrypoint.sh: exec: line 14: ${words[0]!}: not found\n`);
    return 127;
  },
};
