/** nginx' options (ngx_get_options in src/core/nginx.c). */
export interface NginxOptions {
  readonly help: boolean;
  /** `-v` once, `-V` with how it was built. */
  readonly version: "" | "short" | "long";
  readonly test: "" | "test" | "dump";
  readonly quiet: boolean;
  readonly signal: "" | "stop" | "quit" | "reopen" | "reload";
  readonly prefix: string;
  readonly path: string;
  readonly errorLog: string;
  readonly global: string;
}

/** A string says what is wrong, as nginx prints it. */
export function parseOptions(words: readonly string[]): NginxOptions | string {
  const options = {
    help: false, version: "" as "" | "short" | "long", test: "" as "" | "test" | "dump", quiet: false, signal: "" as NginxOptions["signal"],
    prefix: "/etc/nginx", path: "/etc/nginx/nginx.conf", errorLog: "", global: "",
  }; // prettier-ignore
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith("-")) return `invalid option: "${word}"`;
    for (let letter = 1; letter < word.length; letter++) {
      const option = word[letter]!;
      if (option === "?" || option === "h") options.help = true;
      else if (option === "v") options.version = "short";
      else if (option === "V") options.version = "long";
      else if (option === "t") options.test = "test";
      else if (option === "T") options.test = "dump";
      else if (option === "q") options.quiet = true;
      else if ("psceg".includes(option)) {
        const value = word.slice(letter + 1) || words[++at];
        if (value === undefined) return MISSING[option]!;
        if (option === "p") options.prefix = value.replace(/\/$/, "");
        else if (option === "c") options.path = value.startsWith("/") ? value : `${options.prefix}/${value}`;
        else if (option === "e") options.errorLog = value;
        else if (option === "g") options.global = value;
        else if (/^(?:stop|quit|reopen|reload)$/.test(value)) options.signal = value as "stop";
        else return `invalid option: "-s ${value}"`;
        break;
      } else return `invalid option: "${option}"`;
    }
  }
  return options;
}

const MISSING: Readonly<Record<string, string>> = {
  p: 'option "-p" requires directory name',
  e: 'option "-e" requires file name',
  c: 'option "-c" requires file name',
  g: 'option "-g" requires parameter',
  s: 'option "-s" requires parameter',
};

export const HELP = `Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: /etc/nginx/)
  -e filename   : set error log file (default: /var/log/nginx/error.log)
  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)
  -g directives : set global directives out of configuration file
`;
