import path from "node:path";
import { fileURLToPath } from "node:url";

// Two levels above this file, and above the one file that all of these are bundled into.
const here = import.meta.url;

/** The folder that holds `app`, `build` and `tests`. */
export const root = fileURLToPath(new URL("../..", here));

/** What the benchmarks keep between two runs; it may be deleted at any time. */
export const cacheDirectory = path.join(root, ".cache", "bench-data");
