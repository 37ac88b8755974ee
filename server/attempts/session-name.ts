/** The name of a part's session. */
export function sessionOf({ attempt, part }: { readonly attempt: string; readonly part: number }): string {
  return `${attempt}/${part}`;
}
