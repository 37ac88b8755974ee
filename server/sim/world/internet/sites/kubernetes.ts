import { programStub } from "../../../host/index.ts";
import { exampleText, kubernetesRepositoryFile } from "../catalogue/index.ts";
import { frontPage, NGINX_MISSING, textPage, type Page, type PageRequest, type Site } from "../site.ts";

/** The release that the world's clusters are of, which is the newest in it. */
const NEWEST = "v1.33.1";

/** The programs of that release which the world has, for its machines' processor. */
const BINARY = /^\/release\/v1\.33\.1\/bin\/linux\/amd64\/(kubectl|kubelet|kube-proxy)$/;

/** The project's nginx that sends everybody on (kubernetes/k8s.io apps/k8s-io/configmap-nginx.yaml). */
function redirector(names: readonly string[], to: (request: PageRequest) => string, moved: 301 | 302): Site {
  return {
    names,
    address: "198.51.100.20",
    server: "nginx",
    missing: NGINX_MISSING,
    page: (request) => redirection(moved, to(request)),
  };
}

function redirection(moved: 301 | 302, to: string): Page {
  const words = moved === 301 ? "301 Moved Permanently" : "302 Found";
  const text = `<html>\r\n<head><title>${words}</title></head>\r\n<body>\r\n<center><h1>${words}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { moved, to, type: "text/html", text };
}

const k8s: Site = redirector(
  ["k8s.io", "www.k8s.io"],
  ({ host, path, search, secure }) => `https://${secure ? "kubernetes.io" : host}${path}${search}`,
  301,
);

const downloads: Site = redirector(
  ["dl.k8s.io", "dl.kubernetes.io"],
  ({ path }) =>
    /^\/v\d+\.\d+\.\d+(-(alpha|beta|rc)\.\d+)?\//.test(path)
      ? `https://cdn.dl.k8s.io/release${path}`
      : `https://cdn.dl.k8s.io${path}`,
  302,
);

const packages: Site = redirector(
  ["pkgs.k8s.io", "packages.k8s.io", "pkgs.kubernetes.io"],
  ({ path }) =>
    path === "/"
      ? "https://kubernetes.io/blog/2023/08/15/pkgs-k8s-io-introduction/"
      : `https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:${path}`,
  302,
);

/** The web site: of its pages only the examples, which kubectl reads. */
const website: Site = {
  names: ["kubernetes.io", "www.kubernetes.io"],
  address: "198.51.100.21",
  server: "Netlify",
  upgrades: true,
  missing: {
    type: "text/html; charset=utf-8",
    text: "<!doctype html>\n<html><head><title>Kubernetes</title></head><body><h1>404</h1></body></html>\n",
  },
  page({ path }) {
    if (path === "/") return frontPage("Kubernetes");
    const text = path.startsWith("/examples/") ? exampleText(path.slice("/examples/".length)) : undefined;
    return text === undefined ? undefined : textPage(text, "application/octet-stream");
  },
};

const releases: Site = {
  names: ["cdn.dl.k8s.io"],
  address: "198.51.100.22",
  upgrades: true,
  missing: {
    type: "application/xml; charset=UTF-8",
    text: "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
  },
  page({ path }) {
    if (/^\/release\/stable(-1(\.33)?)?\.txt$/.test(path)) return textPage(NEWEST, "text/plain");
    const program = BINARY.exec(path)?.[1];
    return program === undefined ? undefined : textPage(programStub(program, NEWEST), "application/octet-stream");
  },
};

const repositories: Site = {
  names: ["prod-cdn.packages.k8s.io"],
  address: "198.51.100.23",
  upgrades: true,
  missing: NGINX_MISSING,
  page({ path }) {
    const text = kubernetesRepositoryFile(path);
    return text === undefined ? undefined : textPage(text, "application/octet-stream");
  },
};

export const kubernetesSites: readonly Site[] = [k8s, downloads, packages, website, releases, repositories];
