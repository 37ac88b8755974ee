/** The name of a part's session. */
export function sessionOf({ attempt, part }: { readonly attempt: string; readonly part: number }): string {
  return `${attempt}/${part}`;
}

/** The part that a session is of. */
export function placeOf(session: string): { readonly attempt: string; readonly part: number } {
  const slash = session.lastIndexOf("/");
  return { attempt: session.slice(0, slash), part: Number(session.slice(slash + 1)) };
}
