/** `set -o` names with their letters, as flags.c and builtins/set.def have them. */
export const SET_OPTIONS = {
  allexport: "a",
  braceexpand: "B",
  emacs: "",
  errexit: "e",
  errtrace: "E",
  functrace: "T",
  hashall: "h",
  histexpand: "H",
  history: "",
  ignoreeof: "",
  "interactive-comments": "",
  keyword: "k",
  monitor: "m",
  noclobber: "C",
  noexec: "n",
  noglob: "f",
  nolog: "",
  notify: "b",
  nounset: "u",
  onecmd: "t",
  physical: "P",
  pipefail: "",
  posix: "",
  privileged: "p",
  verbose: "v",
  vi: "",
  xtrace: "x",
} as const;

export type SetOption = keyof typeof SET_OPTIONS;

/** The order of letters in `$-`. */
const FLAG_ORDER = "abefhikmnptuvxBCEHPT";

/** `shopt` names; true are on from the start. */
export const SHOPT_OPTIONS = {
  autocd: false,
  assoc_expand_once: false,
  cdable_vars: false,
  cdspell: false,
  checkhash: false,
  checkjobs: false,
  checkwinsize: true,
  cmdhist: true,
  compat31: false,
  compat32: false,
  compat40: false,
  compat41: false,
  compat42: false,
  compat43: false,
  compat44: false,
  complete_fullquote: true,
  direxpand: false,
  dirspell: false,
  dotglob: false,
  execfail: false,
  expand_aliases: false,
  extdebug: false,
  extglob: false,
  extquote: true,
  failglob: false,
  force_fignore: true,
  globasciiranges: true,
  globskipdots: true,
  globstar: false,
  gnu_errfmt: false,
  histappend: false,
  histreedit: false,
  histverify: false,
  hostcomplete: true,
  huponexit: false,
  inherit_errexit: false,
  interactive_comments: true,
  lastpipe: false,
  lithist: false,
  localvar_inherit: false,
  localvar_unset: false,
  login_shell: false,
  mailwarn: false,
  no_empty_cmd_completion: false,
  nocaseglob: false,
  nocasematch: false,
  noexpand_translation: false,
  nullglob: false,
  patsub_replacement: true,
  progcomp: true,
  progcomp_alias: false,
  promptvars: true,
  restricted_shell: false,
  shift_verbose: false,
  sourcepath: true,
  varredir_close: false,
  xpg_echo: false,
};

export type ShoptOption = keyof typeof SHOPT_OPTIONS;

export function isSetOption(name: string): name is SetOption {
  return Object.hasOwn(SET_OPTIONS, name);
}

export function isShoptOption(name: string): name is ShoptOption {
  return Object.hasOwn(SHOPT_OPTIONS, name);
}

export function setOptionByLetter(letter: string): SetOption | undefined {
  return (Object.keys(SET_OPTIONS) as SetOption[]).find((name) => SET_OPTIONS[name] === letter);
}

/** The options of one shell. */
export class Options {
  readonly #on: Set<SetOption>;
  readonly #shopt: Record<ShoptOption, boolean>;

  constructor(from?: Options) {
    this.#on = new Set(from ? from.#on : (["braceexpand", "hashall", "interactive-comments"] as const));
    this.#shopt = { ...(from ? from.#shopt : SHOPT_OPTIONS) };
  }

  has(name: SetOption): boolean {
    return this.#on.has(name);
  }

  set(name: SetOption, on: boolean): void {
    if (on) this.#on.add(name);
    else this.#on.delete(name);
    if (name === "interactive-comments") this.#shopt.interactive_comments = on;
    if (on && name === "emacs") this.#on.delete("vi");
    if (on && name === "vi") this.#on.delete("emacs");
  }

  shopt(name: ShoptOption): boolean {
    return this.#shopt[name];
  }

  setShopt(name: ShoptOption, on: boolean): void {
    this.#shopt[name] = on;
    if (name === "interactive_comments") this.set("interactive-comments", on);
  }

  /** The letters of `$-`, without those that tell how the shell was started. */
  letters(interactive: boolean): string {
    const on = new Set([...this.#on].map((name) => SET_OPTIONS[name] as string));
    if (interactive) on.add("i");
    return [...FLAG_ORDER].filter((letter) => on.has(letter)).join("");
  }

  /** The value of `SHELLOPTS`. */
  get shellopts(): string {
    return [...this.#on].sort().join(":");
  }

  /** The value of `BASHOPTS`. */
  get bashopts(): string {
    return (Object.keys(this.#shopt) as ShoptOption[])
      .filter((name) => this.#shopt[name])
      .sort()
      .join(":");
  }
}
