import { createContext, useContext } from "react";

/** One-time word that lets the scripts of one hydrated page run; undefined on every page that has none. */
export const NonceContext = createContext<string | undefined>(undefined);

/** The nonce for `<Scripts nonce>` and `<ScrollRestoration nonce>`. */
export function useNonce(): string | undefined {
  return useContext(NonceContext);
}
