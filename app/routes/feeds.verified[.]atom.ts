import type { LoaderFunctionArgs } from "@remix-run/node";
import { verifiedAnswer } from "../server/verified-feed.ts";

/** What officers verified and authorities say, for readers of feeds. */
export function loader(args: LoaderFunctionArgs) {
  return verifiedAnswer("atom", args);
}
