/// <reference types="@remix-run/dev" />
/// <reference types="vite/client" />

/** Scripts of the parts of a page that come alive on their own: the script itself first, then what it asks for at once. */
declare module "virtual:lookout-islands" {
  export const islands: { readonly map: readonly string[] };
}

declare module "@remix-run/node" {
  // Loaders and actions answer with plain values, and pages get them with their types.
  interface Future {
    v3_singleFetch: true;
  }
}
