import { LATEST_RELEASES, rawFile, releaseAsset } from "../catalogue/index.ts";
import { frontPage, textPage, type Page, type Site } from "../site.ts";

/** Where releases' files lie: github.com sends there with a signed address, of which only the file matters here. */
const ASSETS = "https://release-assets.githubusercontent.com/github-production-release-asset";

/** The repositories of which files are in the world, and where they lead to. */
export const github: Site = {
  names: ["github.com", "www.github.com"],
  address: "198.51.100.40",
  server: "github.com",
  upgrades: true,
  missing: { type: "text/plain; charset=utf-8", text: "Not Found" },
  page({ path }) {
    if (path === "/") return frontPage("GitHub");
    const [, repository = "", rest = ""] = /^\/([^/]+\/[^/]+)\/(.+)$/.exec(path) ?? [];
    const latest = /^releases\/latest\/download\/([^/]+)$/.exec(rest);
    const tag = LATEST_RELEASES.get(repository);
    if (latest && tag !== undefined)
      return found(`https://github.com/${repository}/releases/download/${tag}/${latest[1]!}`);
    if (rest === "releases/latest" && tag !== undefined)
      return found(`https://github.com/${repository}/releases/tag/${tag}`);
    const asset = /^releases\/download\/(.+)$/.exec(rest);
    if (asset && releaseAsset(`${repository}/${asset[1]!}`) !== undefined)
      return found(`${ASSETS}/${repository}/${asset[1]!}`);
    const raw = /^raw\/(.+)$/.exec(rest);
    if (raw) return found(`https://raw.githubusercontent.com/${repository}/${raw[1]!}`);
    return undefined;
  },
};

/** The files of releases. */
export const releaseAssets: Site = {
  names: ["release-assets.githubusercontent.com", "objects.githubusercontent.com"],
  address: "198.51.100.41",
  server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
  upgrades: true,
  missing: { type: "text/plain", text: "" },
  page({ path }) {
    const text = releaseAsset(path.replace(/^\/[^/]+\//, ""));
    return text === undefined ? undefined : textPage(text, "application/octet-stream");
  },
};

/** Files of repositories by `OWNER/NAME/REF/PATH`; `refs/heads/main` is `main`. */
export const rawFiles: Site = {
  names: ["raw.githubusercontent.com"],
  address: "198.51.100.42",
  upgrades: true,
  missing: { type: "text/plain; charset=utf-8", text: "404: Not Found" },
  page({ path }) {
    const [, repository, ref, file] = /^\/([^/]+\/[^/]+)\/(?:refs\/(?:heads|tags)\/)?([^/]+)\/(.+)$/.exec(path) ?? [];
    if (file === undefined) return undefined;
    const text = rawFile(`${repository!}/${ref!}/${file}`);
    return text === undefined ? undefined : textPage(text);
  },
};

function found(to: string): Page {
  return { moved: 302, to, type: "text/html; charset=utf-8", text: "" };
}
