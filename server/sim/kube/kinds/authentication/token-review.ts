import { errors } from "../../api/index.ts";
import { review } from "../authorization/review.ts";
import { userInfo } from "./self-subject-review.ts";

/** "Whose token is this?" (pkg/registry/authentication/tokenreview). */
export const tokenReviews = review<{ readonly token?: string; readonly audiences?: readonly string[] }>(
  "authentication.k8s.io",
  "TokenReview",
  false,
  ({ spec: { token = "", audiences = [] } }, { settings }) => {
    if (token === "") throw errors.badRequest("token is required for TokenReview in authentication");
    const found = settings.access?.reviewToken(token, audiences) ?? {};
    if ("user" in found)
      return {
        authenticated: true,
        user: userInfo(found.user),
        ...(found.audiences.length > 0 ? { audiences: [...found.audiences] } : {}),
      };
    return { user: {}, ...(found.error ? { error: found.error } : {}) };
  },
);
