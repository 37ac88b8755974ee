import { exec, type Program } from "../../host/index.ts";

/** /usr/local/bin/httpd-foreground of docker-library/httpd. */
export const httpdForeground: Program = {
  name: "httpd-foreground",
  summary: "starts httpd in the foreground",
  run: (process, args) =>
    exec(process, "/usr/local/apache2/bin/httpd", ["httpd", "-DFOREGROUND", ...args], process.env),
};
