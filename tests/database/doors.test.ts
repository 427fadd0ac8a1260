import { expect, it } from "vitest";
import { forEachDoor } from "#tests/support/database.ts";
import { asVisitor, asMember } from "#tests/support/seats.ts";

forEachDoor((door) => {
  it("a visitor reads what is public and calls no command", async () => {
    const events = await door.anon.from("events").select("slug,created_at").limit(1);
    expect(events.error).toBeNull();
    expect(events.data?.[0]?.created_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);
    const refused = await door.anon.rpc("report_person", { p: {} });
    expect(refused.error?.code).toBe("42501");
  });
  it("claims", async () => {
    const r = await door
      .as({ sub: "304f9aa3-bbc8-4d0f-b2f2-7a85c8310b3b" })
      .from("events")
      .select("slug")
      .limit(1);
    expect(r.error).toBeNull();
    expect(
      await asVisitor(door.sql, (sql) => sql`select current_user::text as who, auth.uid() as uid`),
    ).toEqual([{ who: "anon", uid: null }]);
    const [row] = await asMember(
      door.sql,
      "304f9aa3-bbc8-4d0f-b2f2-7a85c8310b3b",
      (sql) => sql`select current_user::text as who, auth.uid() as uid`,
    );
    expect(row).toEqual({ who: "authenticated", uid: "304f9aa3-bbc8-4d0f-b2f2-7a85c8310b3b" });
  });
});
