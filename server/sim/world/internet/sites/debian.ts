import { debianFile, ubuntuFile } from "../catalogue/debian/index.ts";
import { frontPage, textPage, type Site } from "../site.ts";

/** Debian's archive, with the packages whose programs are in the box. */
export const debian: Site = {
  names: ["deb.debian.org", "security.debian.org", "ftp.debian.org"],
  address: "198.51.100.70",
  server: "Apache",
  missing: { type: "text/plain", text: "Not Found\n" },
  page({ path }) {
    if (path === "/") return frontPage("Debian archive");
    const text = debianFile(path);
    return text === undefined ? undefined : textPage(text, "application/octet-stream");
  },
};

/** Ubuntu's archive, with the same. */
export const ubuntu: Site = {
  names: ["archive.ubuntu.com", "security.ubuntu.com"],
  address: "198.51.100.64",
  server: "Apache/2.4.52 (Ubuntu)",
  missing: { type: "text/plain", text: "Not Found\n" },
  page({ path }) {
    if (path === "/") return frontPage("Index of /");
    const text = ubuntuFile(path);
    return text === undefined ? undefined : textPage(text, "application/octet-stream");
  },
};
