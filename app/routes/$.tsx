/** Every address that leads nowhere: the root says so kindly, with ways on. */

export function loader(): never {
  throw new Response(null, { status: 404, statusText: "Not Found" });
}

export const action = loader;

export const handle = { noindex: true };

// Remix serves a document only for a route with a page; the loader above never lets it be seen.
export default function Nowhere() {
  return null;
}
