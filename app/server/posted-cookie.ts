/** Carries the secret of a new record over the redirect to its page, where the manage link is shown once. */
export const postedCookie = "posted";
