import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseRfc3339 } from "../../kernel/index.ts";
import { buildImageFiles } from "../files/image-files.ts";
import { clusterPod } from "../../net/testing.ts";
import { ask, testWorld } from "../testing.ts";
import { FILES, REQUESTS } from "./fixtures/cases.ts";

const recorded = JSON.parse(readFileSync(new URL("fixtures/responses.json", import.meta.url), "utf8")) as {
  answers: { request: string; response: string; ended: boolean }[];
  access: string[];
  error: string[];
};

const ROOT = "/srv/httpd-case";
const CONF = `Listen 18090
ServerName localhost
<Directory />
    Require all denied
</Directory>
DocumentRoot "${ROOT}/htdocs"
<Directory "${ROOT}/htdocs">
    Options Indexes FollowSymLinks
    Require all granted
</Directory>
<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>
<Files ".ht*">
    Require all denied
</Files>
ErrorLog ${ROOT}/error.log
LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
CustomLog ${ROOT}/access.log common
`;

const clean = (text: string): string =>
  text
    .replaceAll(/Apache\/[\d.]+/g, "Apache/VERSION")
    .replaceAll(/^Date: .*(?=\r$)/gm, "Date: DATE")
    .replaceAll(/\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/g, "[DATE]");

it("httpd answers and logs as the real one does", () => {
  const { world, net } = testWorld();
  const pod = clusterPod(net, 0, "web", 2);
  const specs = [
    { path: "/usr/local/apache2/bin/httpd", program: "httpd", version: "2.4.71" },
    { path: `${ROOT}/httpd.conf`, text: CONF },
    ...Object.entries(FILES).map(([path, text]) => ({ path: `${ROOT}/htdocs/${path}`, text })),
  ];
  world.addContainer("web", pod, buildImageFiles("httpd-case", { specs }, parseRfc3339("2007-06-11T18:53:14Z")!));
  const pid = world.spawn("web", ["apache2", "-f", `${ROOT}/httpd.conf`, "-DFOREGROUND"], {
    path: "/usr/local/apache2/bin/httpd",
  });
  const answers = REQUESTS.map((request) => {
    const { received, ended } = ask(pod, "127.0.0.1", 18_090, request);
    return { request, response: clean(received), ended };
  });
  expect(answers).toEqual(recorded.answers);
  world.hosts.machine("controlplane").signal(pid, "SIGWINCH");
  const lines = (file: string): string[] =>
    clean(world.host("web").readText(`${ROOT}/${file}`)!)
      .split("\n")
      .filter((line) => line !== "");
  expect(lines("access.log")).toEqual(recorded.access);
  const error = lines("error.log").map((line) =>
    line
      .replace(/^\[.*?\]/, "[DATE]")
      .replace(/pid \d+:tid \d+/, "pid PID:tid TID")
      .replace(/client 127\.0\.0\.1:\d+/, "client CLIENT"),
  );
  // The recorder's environment had no user for the real one's children.
  expect(error).toEqual(recorded.error.filter((line) => !line.includes("[unixd:alert]")));
});
