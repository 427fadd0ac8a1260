import type { Sql } from "postgres";

type Work<T> = (sql: Sql) => Promise<T>;

/** Runs SQL as an anonymous visitor would, through no door at all. */
export function asVisitor<T>(sql: Sql, work: Work<T>): Promise<T> {
  return seated(sql, "anon", {}, work);
}

/** Runs SQL as the server does. */
export function asService<T>(sql: Sql, work: Work<T>): Promise<T> {
  return seated(sql, "service_role", {}, work);
}

/** Runs SQL as somebody who has signed in. */
export function asMember<T>(
  sql: Sql,
  userId: string,
  work: Work<T>,
  claims: Record<string, unknown> = {},
): Promise<T> {
  return seated(sql, "authenticated", { sub: userId, ...claims }, work);
}

async function seated<T>(sql: Sql, role: string, claims: Record<string, unknown>, work: Work<T>): Promise<T> {
  const result = await sql.begin(async (begun) => {
    // The types of the driver forget that a transaction can be called like the connection itself.
    const transaction = begun as unknown as Sql;
    // One door tells the database who somebody is by single claims, the other by all of them at once.
    await transaction`
      select set_config('request.jwt.claim.sub', ${String(claims.sub ?? "")}, true),
             set_config('request.jwt.claim.role', ${role}, true),
             set_config('request.jwt.claims', ${JSON.stringify({ role, ...claims })}, true),
             set_config('role', ${role}, true)`;
    return { value: await work(transaction) };
  });
  return (result as { value: T }).value;
}
