/** What reviewers ask of the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { z } from "zod";
import {
  CheckLane,
  Comment,
  Remarks,
  Replay,
  Review,
  ReviewList,
  StateTable,
  Timeline,
  type ReviewFilter,
  type WriteComment,
  type WriteOverride,
} from "../../server/sessions/protocol/index.ts";
import type { ApiError } from "./api-error.ts";
import { request } from "./request.ts";

const Nothing = z.unknown().transform(() => undefined);
const review = (id: string): string => `/api/reviews/${encodeURIComponent(id)}`;
const part = (id: string, number: number): string => `${review(id)}/parts/${number}`;

function queryOf(filter: ReviewFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== "")).toString();
  return query === "" ? "" : `?${query}`;
}

/** Where a browser downloads the list as a table. */
export function listUrl(filter: ReviewFilter): string {
  return `/api/reviews.csv${queryOf(filter)}`;
}

export function exportUrl(id: string, file: "review.json" | "checks.csv"): string {
  return `${review(id)}/${file}`;
}

export function castUrl(id: string, number: number, terminal: number): string {
  return `/api/attempts/${encodeURIComponent(id)}/recordings/${number}/${terminal}.cast`;
}

export function sandboxUrl(id: string, number: number, at: number, cols: number, rows: number): string {
  const address = new URL(`${part(id, number)}/sandbox`, window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.search = new URLSearchParams({ at: String(at), cols: String(cols), rows: String(rows) }).toString();
  return address.href;
}

const keys = {
  list: (filter: ReviewFilter) => ["reviews", filter] as const,
  review: (id: string) => ["review", id] as const,
  part: (id: string, number: number, ...what: readonly (string | number)[]) => ["review", id, number, ...what] as const,
};

export function useReviews(filter: ReviewFilter) {
  return useQuery({
    queryKey: keys.list(filter),
    queryFn: async ({ signal }) => (await request(`/api/reviews${queryOf(filter)}`, ReviewList, { signal })).reviews,
    placeholderData: keepPreviousData,
  });
}

export function useReview(id: string) {
  return useQuery({ queryKey: keys.review(id), queryFn: ({ signal }) => request(review(id), Review, { signal }) });
}

export function useReplay(id: string, number: number, terminal: number) {
  return useQuery({
    queryKey: keys.part(id, number, "terminal", terminal),
    queryFn: ({ signal }) => request(`${part(id, number)}/terminals/${terminal}`, Replay, { signal }),
    staleTime: Infinity,
  });
}

export function useTimeline(id: string, number: number) {
  return useQuery({
    queryKey: keys.part(id, number, "timeline"),
    queryFn: ({ signal }) => request(`${part(id, number)}/timeline`, Timeline, { signal }),
    staleTime: Infinity,
  });
}

/** It takes a while the first time: the attempt is graded behind each command. */
export function useChecks(id: string, number: number) {
  return useQuery({
    queryKey: keys.part(id, number, "checks"),
    queryFn: ({ signal }) => request(`${part(id, number)}/checks`, CheckLane, { signal }),
    staleTime: Infinity,
  });
}

/** The objects of a resource at a moment. */
export function useMoment(id: string, number: number, at: number, resource: string) {
  const query = new URLSearchParams({ at: String(at), resource }).toString();
  return useQuery({
    queryKey: keys.part(id, number, "state", resource, at),
    queryFn: ({ signal }) => request(`${part(id, number)}/state?${query}`, StateTable, { signal }),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

export function useRemarks(attempt: string) {
  return useQuery({
    queryKey: ["attempt", attempt, "remarks"],
    queryFn: ({ signal }) => request(`/api/attempts/${encodeURIComponent(attempt)}/remarks`, Remarks, { signal }),
  });
}

export type ReviewOrder =
  | { readonly do: "comment"; readonly comment: WriteComment }
  | { readonly do: "remove comment"; readonly id: number }
  | { readonly do: "override"; readonly override: WriteOverride };

/** Writes something to a review, and reads it again. */
export function useReviewChange(id: string): UseMutationResult<void, ApiError, ReviewOrder> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (order) => {
      if (order.do === "comment")
        await request(`${review(id)}/comments`, Comment, { method: "POST", body: order.comment });
      else if (order.do === "override")
        await request(`${review(id)}/overrides`, Nothing, { method: "PUT", body: order.override, safe: true });
      else await request(`${review(id)}/comments/${order.id}`, Nothing, { method: "DELETE" });
    },
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.review(id), exact: true }),
        client.invalidateQueries({ queryKey: ["reviews"] }),
        client.invalidateQueries({ queryKey: ["attempt", id, "remarks"] }),
      ]);
    },
  });
}
