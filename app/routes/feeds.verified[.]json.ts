import type { LoaderFunctionArgs } from "@remix-run/node";
import { verifiedAnswer } from "../server/verified-feed.ts";

/** What officers verified and authorities say, for programs. */
export function loader(args: LoaderFunctionArgs) {
  return verifiedAnswer("json", args);
}
