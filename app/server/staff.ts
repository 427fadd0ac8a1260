/** Who of the staff is asking, for the pages of staff: their own session, in cookies, decides what they may do. */
import { redirect, type AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { unwrap, type Db, type SessionCookies, type SignedIn } from "../platform/db.server.ts";
import { Failure } from "../platform/failure.ts";
import { secretPage } from "../platform/cache.server.ts";
import { paths } from "../platform/paths.ts";
import { hostCookie } from "../platform/session.server.ts";
import { orRefuse, refusal } from "./page-answers.ts";

export type StaffRole = "volunteer" | "officer" | "admin";

/** The roles in their order: each may do what those before it may. */
export const staffRoles: readonly StaffRole[] = ["volunteer", "officer", "admin"];

const membership = z.object({
  user_id: z.string(),
  name: z.string(),
  role: z.enum(["volunteer", "officer", "admin"]),
  areas: z.array(z.string()),
  expires_at: z.string().nullable(),
});

export interface StaffMember {
  userId: string;
  name: string;
  role: StaffRole;
  /** ISO codes; empty: everywhere. */
  areas: string[];
  /** When the rights end, RFC 3339; null: never. */
  expiresAt: string | null;
  email: string;
}

export interface Staff {
  /** Their own session: row policies decide what it reads and does. */
  db: Db;
  member: StaffMember;
  /** Renewed cookies and `no-store`: every answer to staff carries them. */
  headers: Headers;
}

/** A session nobody has used for this long ends in this browser. */
const idleSeconds = 12 * 3600;

/** The seat of whoever sent this request, and the headers that keep its cookies. */
export function staffSession(
  context: AppLoadContext,
  request: Request,
): { session: SignedIn; headers: Headers } {
  const headers = new Headers(secretPage());
  const secure = context.publicUrl.startsWith("https:");
  const prefix = secure ? "__Host-" : "";
  // What this answer has already changed is what the next question of it must see.
  const jar = new Map(cookiesOf(request.headers.get("Cookie"), `${prefix}${cookieName}`));
  const cookies: SessionCookies = {
    name: cookieName,
    secure,
    maxAge: idleSeconds,
    read: () => [...jar].map(([name, value]) => ({ name: name.slice(prefix.length), value })),
    write({ name, value, maxAge }) {
      if (value === "") jar.delete(prefix + name);
      else jar.set(prefix + name, value);
      headers.append(
        "Set-Cookie",
        hostCookie(name, value, { maxAge: value === "" ? 0 : (maxAge ?? idleSeconds), secure }),
      );
    },
  };
  return { session: context.backend.signedIn(cookies), headers };
}

/** Who is asking, if it is a member of the staff whose rights have not ended; else null. */
export async function findStaff(context: AppLoadContext, request: Request): Promise<Staff | null> {
  if (!request.headers.get("Cookie")?.includes(cookieName)) return null;
  const { session, headers } = staffSession(context, request);
  const user = await session.user();
  if (!user) return null;
  const found = membership.nullable().parse(unwrap(await session.db.rpc("my_membership")));
  if (!found) return null;
  const { user_id: userId, name, role, areas, expires_at: expiresAt } = found;
  return { db: session.db, member: { userId, name, role, areas, expiresAt, email: user.email }, headers };
}

/**
 * The member of staff who is asking, with at least this role. Throws the way to sign in for who is not signed in, and a
 * 403 for who is but may not. The database asks again for everything that is then read or done.
 */
export async function requireStaff(
  context: AppLoadContext,
  request: Request,
  least: StaffRole,
): Promise<Staff> {
  const staff = await orRefuse(findStaff(context, request));
  if (!staff) {
    const { pathname, search } = new URL(request.url);
    const next = request.method === "GET" ? pathname + search : pathname;
    throw redirect(paths.signIn({ next }), { status: 303, headers: secretPage() });
  }
  if (staffRoles.indexOf(staff.member.role) < staffRoles.indexOf(least)) {
    throw refusal(new Failure("forbidden", "staff_only"));
  }
  return staff;
}

const cookieName = "staff";

/** The pieces of a session in a `Cookie` header. A name that comes twice is not believed: somebody put one of them there. */
function cookiesOf(header: string | null, name: string): [string, string][] {
  const found = new Map<string, string | null>();
  for (const pair of (header ?? "").slice(0, 32_768).split(";")) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    if (!(key === name || (key.startsWith(`${name}.`) && /^\d{1,2}$/.test(key.slice(name.length + 1)))))
      continue;
    found.set(key, found.has(key) || !/^[\w.~%+/=-]{1,4096}$/.test(value) ? null : value);
  }
  return [...found].filter((entry): entry is [string, string] => entry[1] !== null);
}
