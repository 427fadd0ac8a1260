import css from "./site.css?inline";

/**
 * The whole stylesheet, as it stands inside the page's <style>: a board on a slow line is one request.
 * The content security policy allows exactly this text by its hash, so the page and the policy both take it from here.
 */
export const stylesheet: string = css;
