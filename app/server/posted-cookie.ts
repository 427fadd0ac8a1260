/** Carries the secret of a new record over the redirect to its page, where the manage link is shown once. */
export const postedCookie = "posted";

/** The same for who takes a report on: their link to say that it is done. */
export const takenCookie = "taken";
