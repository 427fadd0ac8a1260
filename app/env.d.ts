/// <reference types="@remix-run/dev" />
/// <reference types="vite/client" />

declare module "@remix-run/node" {
  // Loaders and actions answer with plain values, and pages get them with their types.
  interface Future {
    v3_singleFetch: true;
  }
}

export {};
