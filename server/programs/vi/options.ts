export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  readonly initial: boolean | number | string;
  /** False: vim has it, here it would have no effect, and says so. */
  readonly simulated?: false;
  /** Kept per buffer by vim: what a filetype sets goes with the file. */
  readonly local?: true;
}

const yes = (name: string, short?: string): OptionSpec => ({ name, initial: true, ...(short ? { short } : {}) });
const no = (name: string, short?: string): OptionSpec => ({ name, initial: false, ...(short ? { short } : {}) });
const num = (name: string, short: string, initial: number): OptionSpec => ({ name, short, initial });

/** The options that have an effect, and some that exist without one. Defaults as without any vimrc but Debian's. */
export const OPTION_SPECS: readonly OptionSpec[] = [
  no("autoindent", "ai"), no("expandtab", "et"), no("number", "nu"), no("relativenumber", "rnu"), no("list"), no("paste"),
  no("hlsearch", "hls"), no("incsearch", "is"), no("ignorecase", "ic"), no("smartcase", "scs"), yes("wrap"), yes("wrapscan", "ws"),
  no("readonly", "ro"), yes("modifiable", "ma"), yes("ruler", "ru"), no("showcmd", "sc"), yes("showmode", "smd"), no("gdefault", "gd"),
  no("shiftround", "sr"), no("smarttab", "sta"), yes("startofline", "sol"), yes("magic"), yes("joinspaces", "js"), yes("endofline", "eol"), yes("fixendofline", "fixeol"),
  num("tabstop", "ts", 8), num("shiftwidth", "sw", 8), num("softtabstop", "sts", 0), num("scrolloff", "so", 0),
  num("report", "", 2), num("history", "hi", 50), num("scroll", "scr", 11), num("undolevels", "ul", 1000), num("textwidth", "tw", 0),
  { name: "filetype", short: "ft", initial: "" }, { name: "fileformat", short: "ff", initial: "unix" }, { name: "fileencoding", short: "fenc", initial: "" },
  { name: "display", short: "dy", initial: "" }, { name: "backspace", short: "bs", initial: "indent,eol,start" }, { name: "nrformats", short: "nf", initial: "bin,octal,hex" },
  { name: "encoding", short: "enc", initial: "utf-8", simulated: false },
  ...([["compatible", "cp"], ["cursorline", "cul"], ["cursorcolumn", "cuc"], ["hidden", "hid"], ["backup", "bk"], ["writebackup", "wb"], ["swapfile", "swf"], ["undofile", "udf"], ["smartindent", "si"], ["cindent", "cin"], ["spell"], ["linebreak", "lbr"], ["showmatch", "sm"], ["visualbell", "vb"], ["errorbells", "eb"], ["ttyfast", "tf"], ["autoread", "ar"], ["modeline", "ml"], ["termguicolors", "tgc"], ["wildmenu", "wmnu"], ["title"], ["lazyredraw", "lz"], ["secure"], ["splitright", "spr"], ["splitbelow", "sb"], ["confirm", "cf"], ["autowrite", "aw"], ["breakindent", "bri"], ["diff"], ["binary", "bin"], ["bomb"], ["tildeop", "top"]] as const).map(([name, short]): OptionSpec => ({ name, initial: false, simulated: false, ...(short ? { short } : {}) })),
  ...([["mouse", ""], ["clipboard", "cb"], ["background", "bg"], ["listchars", "lcs"], ["colorcolumn", "cc"], ["statusline", "stl"], ["wildmode", "wim"], ["matchpairs", "mps"], ["formatoptions", "fo"], ["comments", "com"], ["directory", "dir"], ["backupdir", "bdir"], ["undodir", "udir"], ["viminfo", "vi"], ["shell", "sh"], ["term"], ["t_Co"], ["virtualedit", "ve"], ["foldmethod", "fdm"], ["syntax", "syn"], ["fileencodings", "fencs"], ["fileformats", "ffs"], ["whichwrap", "ww"], ["iskeyword", "isk"], ["completeopt", "cot"], ["path", "pa"], ["tags", "tag"], ["indentexpr", "inde"], ["indentkeys", "indk"], ["shortmess", "shm"], ["guifont", "gfn"], ["cpoptions", "cpo"], ["belloff", "bo"], ["ambiwidth", "ambw"], ["spelllang", "spl"]] as const).map(([name, short]): OptionSpec => ({ name, initial: "", simulated: false, ...(short ? { short } : {}) })),
  ...([["laststatus", "ls"], ["cmdheight", "ch"], ["timeoutlen", "tm"], ["ttimeoutlen", "ttm"], ["updatetime", "ut"], ["numberwidth", "nuw"], ["wrapmargin", "wm"], ["sidescroll", "ss"], ["sidescrolloff", "siso"], ["foldlevel", "fdl"], ["updatecount", "uc"], ["conceallevel", "cole"], ["shada"], ["winheight", "wh"], ["winwidth", "wiw"], ["showtabline", "stal"], ["matchtime", "mat"], ["foldcolumn", "fdc"], ["scrolljump", "sj"], ["maxmempattern", "mmp"], ["synmaxcol", "smc"]] as const).map(([name, short]): OptionSpec => ({ name, initial: 0, simulated: false, ...(short ? { short } : {}) })),
]; // prettier-ignore

const BY_NAME = new Map(
  OPTION_SPECS.flatMap((spec): [string, OptionSpec][] => [
    [spec.name, spec],
    ...(spec.short ? ([[spec.short, spec]] as [string, OptionSpec][]) : []),
  ]),
);

/** Values of vim's options. */
export class Options {
  readonly #values = new Map<string, boolean | number | string>();

  static spec(name: string): OptionSpec | undefined {
    return BY_NAME.get(name);
  }

  static names(): string[] {
    return OPTION_SPECS.map((spec) => spec.name);
  }

  get(name: string): boolean | number | string {
    return this.#values.get(name) ?? BY_NAME.get(name)!.initial;
  }

  set(name: string, value: boolean | number | string): void {
    this.#values.set(name, value);
  }

  on(name: string): boolean {
    return this.get(name) === true;
  }

  number(name: string): number {
    return Number(this.get(name));
  }

  text(name: string): string {
    return String(this.get(name));
  }

  get tabstop(): number {
    return this.number("tabstop");
  }

  /** 'shiftwidth', or 'tabstop' if that is 0. */
  get shift(): number {
    return this.number("shiftwidth") || this.tabstop;
  }

  /** Names of those that differ from their defaults, for `:set`. */
  changed(): string[] {
    return [...this.#values].filter(([name, value]) => BY_NAME.get(name)!.initial !== value).map(([name]) => name);
  }
}
