import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "../../server/sessions/protocol/index.ts";
import { peopleKeys } from "../api/index.ts";

/** Somebody has signed in: what was read for somebody else, or nobody, is read again. */
export function useWelcome(): (me: Me) => void {
  const client = useQueryClient();
  return (me) => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey.length > 1 || queryKey[0] !== peopleKeys.me[0] });
    client.setQueryData(peopleKeys.me, me);
  };
}
