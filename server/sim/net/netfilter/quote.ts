/** As xtables_save_string prints a text: bare if it holds only safe characters, else in quotes. */
export function quote(text: string): string {
  if (/^[\w\-]+$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, "\\$&")}"`;
}
