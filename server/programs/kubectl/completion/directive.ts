/** What a shell is to do with choices beside offering them: bits (cobra ShellCompDirective). */
export const DEFAULT = 0;
/** No blank behind a single choice. */
export const NO_SPACE = 2;
/** Without choices files are not offered either. */
export const NO_FILES = 4;
/** The choices are the ends of the names of files to offer. */
export const FILTER_FILES = 8;

const NAMES = ["Error", "NoSpace", "NoFileComp", "FilterFileExt", "FilterDirs", "KeepOrder"];

/** `ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp` */
export function directiveText(directive: number): string {
  if (directive >= 1 << NAMES.length) return `ERROR: unexpected ShellCompDirective value: ${directive}`;
  const set = NAMES.filter((_, bit) => (directive & (1 << bit)) !== 0);
  return (set.length === 0 ? ["Default"] : set).map((name) => `ShellCompDirective${name}`).join(", ");
}
