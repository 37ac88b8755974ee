import { alpineFiles } from "../files/alpine.ts";
import { distrolessFiles } from "../files/distroless.ts";
import { mergeFiles } from "../files/image-files.ts";
import { newest, PATH, repository, type Repository } from "./repository.ts";

const v = (minor: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, patch) => `v${minor}.${from + patch}`);

const VERSIONS = [...v("0.13", 9, 12), ...v("0.14", 3, 9), ...v("0.15", 0, 3)];

export const metalLbRepositories: readonly Repository[] = (["controller", "speaker"] as const).map((name) =>
  repository({
    name: `quay.io/metallb/${name}`,
    versions: VERSIONS,
    tag: newest(VERSIONS),
    make: (version) => ({
      created: "2025-05-29T09:00:00Z",
      config: { env: [PATH], workingDir: "/", entrypoint: [`/${name}`] },
      size: name === "controller" ? 30_178_441 : 46_812_207,
      files: () =>
        mergeFiles(name === "speaker" ? alpineFiles("3.21.3") : distrolessFiles, {
          specs: [{ path: `/${name}`, program: `metallb-${name}`, version, size: 40_000_000 }],
        }),
    }),
  }),
);
