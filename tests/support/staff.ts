/** Makes members of the staff, in a database or signed in at a running site. */
import { randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import type { Site } from "./site.ts";

export interface MemberOptions {
  role?: "volunteer" | "officer" | "admin";
  name?: string;
  /** ISO codes; none means everywhere. */
  areas?: string[];
  expires_at?: Date | string | null;
  email?: string;
}

/** A member of the staff in a test database: then `door.as({ sub: userId })` is their seat. */
export async function makeMember(sql: Sql, options: MemberOptions = {}): Promise<{ userId: string }> {
  const { role = "volunteer", name = `${role} 甲`, areas = [], expires_at = null } = options;
  const userId = randomUUID();
  const email = options.email ?? `${userId}@staff.example`;
  await sql`insert into auth.users (id, email) values (${userId}, ${email})`;
  await sql`
    insert into app.members (user_id, name, email, role, areas, expires_at)
    values (${userId}, ${name}, ${email}, ${role}, ${areas}, ${expires_at})`;
  return { userId };
}

export interface SignedInMember {
  userId: string;
  email: string;
  password: string;
  /** To send along with every request: the cookies of the session. */
  headers: { cookie: string };
}

// Hashing takes a tenth of a second and running a command two: the members of tests share one password and its hash.
const password = "correct horse battery staple";
const hashOfPassword = "$2b$10$57q38S0IAdavxc2Il9jbQeuz.2CtjBJsW3hyrAaZbOfzxfYsbkM7S";

/** Makes an account with this role at a running site and signs in through the front door. */
export async function signInAs(
  site: Site,
  role: "volunteer" | "officer" | "admin",
  options: Omit<MemberOptions, "role"> = {},
): Promise<SignedInMember> {
  const email = options.email ?? `${randomUUID()}@staff.example`;
  const { userId } = await makeMember(site.sql, { ...options, role, email });
  await site.sql`
    update auth.users set aud = 'authenticated', role = 'authenticated', encrypted_password = ${hashOfPassword},
      email_confirmed_at = now(), raw_app_meta_data = '{"provider": "email", "providers": ["email"]}'
    where id = ${userId}`;
  return { userId, email, password, headers: await signIn(site, email, password) };
}

/** Signs in by password through the front door, and gives the cookies to send along. */
export async function signIn(site: Site, email: string, password: string): Promise<{ cookie: string }> {
  const answer = await site.form("/sign-in", { intent: "password", email, password });
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  return { cookie: cookiesOf(answer) };
}

/** The cookies an answer sets, as the next request sends them. */
export function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0]!)
    .filter((pair) => !pair.endsWith("="))
    .join("; ");
}
