import { isAbsolute } from "../../host/index.ts";

/** httpd.conf as far as it is simulated: one server, its directories, its logs. */
export interface HttpdConf {
  readonly listens: readonly { readonly address: string; readonly port: number }[];
  readonly serverName: string | undefined;
  readonly documentRoot: string;
  readonly indexes: readonly string[];
  readonly errorLog: string;
  readonly accessLogs: readonly { readonly path: string; readonly format: string }[];
  readonly user: string;
  /** In the order of the file; later ones and longer paths count more. */
  readonly directories: readonly DirectorySettings[];
  /** Patterns of `<Files>` that nobody may read. */
  readonly denied: readonly string[];
}

export interface DirectorySettings {
  readonly path: string;
  readonly granted: boolean | undefined;
  readonly indexes: boolean | undefined;
}

/** A configuration that httpd refuses (its words, line by line), or that we do not know. */
export type ConfProblem = { readonly lines: readonly string[] } | { readonly unsimulated: string };

interface Building {
  listens: { address: string; port: number }[];
  serverName: string | undefined;
  documentRoot: string;
  indexes: string[];
  errorLog: string;
  accessLogs: { path: string; format: string }[];
  user: string;
  formats: Map<string, string>;
  directories: DirectorySettings[];
  denied: string[];
}

/** Known, and without effect here. */
const INERT = new Set(
  `serverroot loadmodule group serveradmin allowoverride loglevel pidfile typesconfig addtype scriptalias requestheader
sslrandomseed servertokens serversignature timeout keepalive maxkeepaliverequests keepalivetimeout usecanonicalname
hostnamelookups enablesendfile enablemmap include includeoptional startservers minsparethreads maxsparethreads threadsperchild
maxrequestworkers maxconnectionsperchild mimemagicfile addencoding options define mutex traceenable`.split(/\s+/),
);

/** Of modules that the image has or can load; what they do is not simulated. */
const KNOWN = new Set(
  `virtualhost location locationmatch directorymatch filesmatch proxy proxypass proxypassreverse proxyrequests rewriteengine
rewriterule rewritecond redirect redirectmatch alias aliasmatch scriptaliasmatch header errordocument authtype authname
authuserfile sethandler addhandler setenv setenvif deny allow order satisfy indexoptions sslengine sslcertificatefile
sslcertificatekeyfile limitrequestbody addoutputfilter addoutputfilterbytype browsermatch fallbackresource requireall
requireany limit limitexcept if else elseif macro use serveralias addcharset adddefaultcharset expiresactive expiresbytype`.split(
    /\s+/,
  ),
);

export function parseHttpdConf(path: string, text: string): HttpdConf | ConfProblem {
  const conf: Building = {
    listens: [],
    serverName: undefined,
    documentRoot: "/usr/local/apache2/htdocs",
    indexes: [],
    errorLog: "/usr/local/apache2/logs/error_log",
    accessLogs: [],
    user: "www-data",
    formats: new Map(),
    directories: [],
    denied: [],
  };
  const sections: { name: string; arg: string }[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    let line = lines[at]!.trim();
    while (line.endsWith("\\") && at + 1 < lines.length) line = line.slice(0, -1) + lines[++at]!.trim();
    if (line === "" || line.startsWith("#")) continue;
    const fail = (words: string): ConfProblem => ({
      lines: [`AH00526: Syntax error on line ${at + 1} of ${path}:`, words],
    });
    const close = /^<\/(\w+)>$/.exec(line);
    if (close) {
      const open = sections.pop();
      if (open?.name.toLowerCase() !== close[1]!.toLowerCase())
        return fail(
          open
            ? `Expected </${open.name}> but saw </${close[1]!}>`
            : `</${close[1]!}> without matching <${close[1]!}> section`,
        );
      continue;
    }
    const section = /^<(\w+)\s*(.*?)>?$/.exec(line);
    if (section) {
      const [, name, arg] = section as unknown as [string, string, string];
      if (!line.endsWith(">")) return fail(`<${name}> directive missing closing '>'`);
      if (!["ifmodule", "ifdefine", "directory", "files"].includes(name.toLowerCase()))
        return KNOWN.has(name.toLowerCase()) ? { unsimulated: `<${name}>` } : fail(invalid(`<${name}`));
      sections.push({ name, arg: unquote(arg) });
      if (name.toLowerCase() === "directory")
        conf.directories.push({ path: unquote(arg).replace(/(?<=.)\/$/, ""), granted: undefined, indexes: undefined });
      continue;
    }
    if (sections.some(({ name, arg }) => /^if/i.test(name) && !holds(name, arg))) continue;
    const [name, ...args] = words(line) as [string, ...string[]];
    const problem = apply(
      conf,
      name,
      args,
      sections.findLast(({ name: other }) => !/^if/i.test(other)),
    );
    if (problem === "unknown") return fail(invalid(name));
    if (problem === "unsimulated") return { unsimulated: `directive '${name}'` };
    if (problem !== undefined) return fail(problem);
  }
  const open = sections.at(-1);
  if (open)
    return {
      lines: [
        `AH00526: Syntax error on line ${lines.length} of ${path}:`,
        `${path}:${lines.length}: <${open.name}> was not closed.`,
      ],
    };
  return conf;
}

function invalid(name: string): string {
  return `Invalid command '${name}', perhaps misspelled or defined by a module not included in the server configuration`;
}

/** Modules that docker-library's httpd.conf loads, as far as it asks for them. */
function holds(name: string, arg: string): boolean {
  if (/^ifdefine$/i.test(name)) return arg === "FOREGROUND";
  const loaded = ["unixd_module", "dir_module", "log_config_module", "alias_module", "headers_module", "mime_module"];
  return arg.startsWith("!") ? !loaded.includes(arg.slice(1)) : loaded.includes(arg);
}

function apply(
  conf: Building,
  name: string,
  args: readonly string[],
  section: { name: string; arg: string } | undefined,
): string | undefined {
  const [first = "", second = ""] = args;
  switch (name.toLowerCase()) {
    case "listen": {
      const match = /^(?:(.*):)?(\d+)$/.exec(first);
      const port = Number(match?.[2]);
      if (!match || port < 1 || port > 65_535) return "Port must be specified";
      conf.listens.push({
        address: match[1] === undefined || match[1] === "*" ? "::" : match[1].replace(/^\[|\]$/g, ""),
        port,
      });
      return undefined;
    }
    case "servername":
      conf.serverName = first;
      return undefined;
    case "documentroot":
      conf.documentRoot = first.replace(/(?<=.)\/$/, "");
      return undefined;
    case "directoryindex":
      conf.indexes.push(...args);
      return undefined;
    case "errorlog":
      conf.errorLog = absolute(first);
      return undefined;
    case "logformat":
      conf.formats.set(second, first);
      return undefined;
    case "customlog":
      conf.accessLogs.push({ path: absolute(first), format: conf.formats.get(second) ?? second });
      return undefined;
    case "user":
      conf.user = first;
      return undefined;
    case "require": {
      const granted =
        first === "all" && (second === "granted" || second === "denied") ? second === "granted" : undefined;
      if (granted === undefined) return "unsimulated";
      if (section?.name.toLowerCase() === "files") {
        if (!granted) conf.denied.push(section.arg);
      } else change(conf, section, { granted });
      return undefined;
    }
    case "options":
      change(conf, section, { indexes: args.some((word) => /^\+?(?:Indexes|All)$/i.test(word)) });
      return undefined;
  }
  if (INERT.has(name.toLowerCase())) return undefined;
  return KNOWN.has(name.toLowerCase()) ? "unsimulated" : "unknown";
}

function change(
  conf: Building,
  section: { name: string; arg: string } | undefined,
  settings: Partial<DirectorySettings>,
): void {
  const last = conf.directories.at(-1);
  if (section?.name.toLowerCase() === "directory" && last)
    conf.directories[conf.directories.length - 1] = { ...last, ...settings };
}

/** ap_getword_conf: words, some in quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(/\\(["\\])/g, "$1") ?? plain!,
  );
}

function unquote(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : `/usr/local/apache2/${path}`;
}
