import type { JsonObject, UserInfo } from "../../api/index.ts";
import { review } from "../authorization/review.ts";

/** "Who am I?" (pkg/registry/authentication/selfsubjectreview). */
export const selfSubjectReviews = review("authentication.k8s.io", "SelfSubjectReview", false, (_, { user }) => ({
  userInfo: userInfo(user),
}));

/** authentication/v1 UserInfo */
export function userInfo({ name, uid, groups, extra }: UserInfo): JsonObject {
  return {
    username: name,
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    ...(extra && Object.keys(extra).length > 0 ? { extra: JSON.parse(JSON.stringify(extra)) as JsonObject } : {}),
  };
}
