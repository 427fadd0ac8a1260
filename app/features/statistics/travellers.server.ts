/** Outbound travellers by first landing: the only file that names their view and function. */
import { z } from "zod";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { CONTINENTS, type TravellerRow } from "./travellers.ts";

const row = z.object({
  year: z.number(),
  continent: z.enum([...CONTINENTS, "all"]),
  travellers: z.coerce.number().nullable(),
});
export type YearOfTravellers = z.infer<typeof row>;

/** Travellers of one year by continent, and all of them; empty when the table has no such year. */
export async function travellersOf(db: Db, year: number): Promise<YearOfTravellers[]> {
  const rows = unwrap(
    await db
      .from("outbound_travellers")
      .select("year,continent,travellers")
      .eq("year", year)
      .filter("level", "in", '("subtotal","total")')
      .order("position"),
  );
  return z.array(row).parse(rows);
}

/** Replaces the whole table: it is published anew every year. Gives how many figures there are now. */
export async function importTravellers(commands: Commands, rows: readonly TravellerRow[]): Promise<number> {
  const answer = await commands.call<{ rows: number }>("import_travellers", { p: { rows } });
  return answer.rows;
}
