/** The server's answers as the page keeps them (TanStack Query). */
import {
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from "@tanstack/react-query";
import type { AttemptReport, AttemptView, StartAttempt } from "../../server/sessions/protocol/index.ts";
import { api } from "./api.ts";
import type { ApiError } from "./api-error.ts";
import { peopleKeys } from "./people.ts";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiError;
  }
}

/** `request` tries again by itself, and a server on this machine answers without a network. */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    // A session may end while its page is open.
    queryCache: new QueryCache({ onError: (error) => noticeSignedOut(client, error) }),
    mutationCache: new MutationCache({ onError: (error) => noticeSignedOut(client, error) }),
    defaultOptions: {
      queries: { retry: false, networkMode: "always", staleTime: 5000 },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  return client;
}

function noticeSignedOut(client: QueryClient, error: ApiError): void {
  if (error.code === "sign-in") client.setQueryData(peopleKeys.me, { user: null, accounts: true });
}

export const keys = {
  catalogue: ["catalogue"] as const,
  attempt: (id: string) => ["attempt", id] as const,
  check: (id: string) => ["attempt", id, "check"] as const,
  report: (id: string) => ["attempt", id, "report"] as const,
  gradings: (id: string) => ["attempt", id, "gradings"] as const,
  earlier: (id: string) => ["attempt", id, "earlier"] as const,
  management: (id: string) => ["attempt", id, "management"] as const,
  kubernetes: (id: string, part: number) => ["attempt", id, "kubernetes", part] as const,
};

export function useCatalogue() {
  return useQuery({ queryKey: keys.catalogue, queryFn: ({ signal }) => api.catalogue(signal), staleTime: 0 });
}

export function useAttempt(id: string) {
  return useQuery({ queryKey: keys.attempt(id), queryFn: ({ signal }) => api.attempt(id, signal) });
}

/** The final report. While the attempt is graded (`not-graded`) it is asked for again. */
export function useReport(id: string) {
  return useQuery({
    queryKey: keys.report(id),
    queryFn: ({ signal }) => api.report(id, signal),
    staleTime: Infinity,
    refetchInterval: (query) => (query.state.error?.code === "not-graded" ? 1000 : false),
  });
}

/** All reports of a graded attempt. */
export function useGradings(id: string) {
  return useQuery({ queryKey: keys.gradings(id), queryFn: ({ signal }) => api.gradings(id, signal) });
}

/** Other graded attempts at the same lab or exam. */
export function useEarlier(id: string) {
  return useQuery({ queryKey: keys.earlier(id), queryFn: ({ signal }) => api.earlier(id, signal) });
}

/** What an instructor may do with an attempt; an error for everybody else: who need not ask says so. */
export function useManagement(id: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: keys.management(id),
    queryFn: ({ signal }) => api.management(id, signal),
    // Its clock goes on, and others may change it, too.
    refetchInterval: (query) => (query.state.data?.attempt.state === "graded" || query.state.error ? false : 10_000),
  });
}

/** Where the Kubernetes API of a part's cluster is: it stays there for as long as the attempt is open. */
export function useKubernetes(id: string, part: number) {
  return useQuery({
    queryKey: keys.kubernetes(id, part),
    queryFn: ({ signal }) => api.kubernetes(id, part, signal),
    staleTime: Infinity,
  });
}

export function useStart(): UseMutationResult<AttemptView, ApiError, StartAttempt> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: api.start,
    onSuccess: (view) => {
      client.setQueryData(keys.attempt(view.id), view);
      void client.invalidateQueries({ queryKey: keys.catalogue });
    },
  });
}

export function useCheck(id: string): UseMutationResult<AttemptReport, ApiError, void> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.check(id),
    onSuccess: (report) => client.setQueryData(keys.check(id), report),
  });
}

export function useSubmit(id: string): UseMutationResult<AttemptReport, ApiError, void> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.submit(id),
    onSuccess: (report) => {
      client.setQueryData(keys.report(id), report);
      void client.invalidateQueries({ queryKey: keys.attempt(id), exact: true });
      void client.invalidateQueries({ queryKey: keys.catalogue });
    },
  });
}
