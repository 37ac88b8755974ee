import { useMutation, useQuery, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useEffect } from "react";
import type { User } from "../../server/sessions/protocol/index.ts";
import type { ApiError } from "./api-error.ts";
import { people, peopleKeys } from "./people.ts";

/** Who is at this browser. */
export function useMe() {
  return useQuery({ queryKey: peopleKeys.me, queryFn: ({ signal }) => people.me(signal), staleTime: Infinity });
}

/** Undefined until it is known, and if nobody is signed in. */
export function useUser(): User | undefined {
  return useMe().data?.user ?? undefined;
}

/** With this code the server closes a socket whose user is signed out. */
const SIGNED_OUT = 4401;

/** A line that the server closed because nobody is signed in any more: the page goes to signing in (Gate). */
export function useSignedOut(line: { readonly is: string; readonly code?: number }): void {
  const client = useQueryClient();
  const out = line.is === "refused" && line.code === SIGNED_OUT;
  useEffect(() => {
    if (out) void client.invalidateQueries({ queryKey: peopleKeys.me, exact: true });
  }, [client, out]);
}

/** Something that is done on the server; what it changes is read again afterwards. */
export function useDo<Given, Made>(
  work: (given: Given) => Promise<Made>,
  ...changes: readonly (readonly unknown[])[]
): UseMutationResult<Made, ApiError, Given> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: () => Promise.all(changes.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
