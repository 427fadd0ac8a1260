// Made by the framework's build out of all routes; it exists in no file.
declare module "virtual:remix/server-build";

/** Scripts of the parts of a page that come alive on their own: the script itself first, then what it asks for at once. */
declare module "virtual:lookout-islands" {
  export const islands: { readonly map: readonly string[] };
}
