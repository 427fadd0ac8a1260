// A process that holds a data directory until it is told to end or killed: the tests of faults need one to kill.
import { openDoor } from "#app/platform/db.server.ts";
import { connectEmbedded, startEmbedded } from "#app/platform/embedded.server.ts";
import { migrate } from "#app/server/migrate.ts";

const [dataDir = "", what = "a test server", how = "owner", migrations = "", copies = ""] =
  process.argv.slice(2);
const log = { info() {}, warn: console.error, error: console.error };

try {
  const postgres =
    how === "guest"
      ? await connectEmbedded(dataDir, { what, log })
      : await startEmbedded(dataDir, {
          what,
          at: "http://127.0.0.1:3999",
          log,
          ...(copies ? { copiesIn: [copies] } : {}),
        });
  if (migrations) {
    console.log("migrating");
    const door = await openDoor(postgres.address, "postgres", "a secret of no importance at all", {
      owned: postgres.owned,
      prepare: async (session) => {
        await migrate(session, migrations);
      },
    });
    await door.close();
  }
  console.log(
    `ready ${JSON.stringify({ pid: postgres.pid(), owned: postgres.owned, address: postgres.address })}`,
  );
  process.on("SIGTERM", () => void postgres.stop().then(() => process.exit(0)));
  setInterval(() => {}, 60_000);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
