/** `[[ text =~ pattern ]]` */
export function matchRegex(
  text: string,
  pattern: string,
  ignoreCase: boolean,
): (string | undefined)[] | "invalid" | undefined {
  try {
    const match = new RegExp(pattern, ignoreCase ? "iu" : "u").exec(text);
    return match ? [...match] : undefined;
  } catch {
    return "invalid";
  }
}
