// The built site in a process of its own, without the installing and building that `npm start` does first: a test must
// never change what the other tests are running from.
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = fileURLToPath(new URL("../../build/server/start.js", import.meta.url));
if (!existsSync(built)) {
  console.error("The site has not been built: run `npm run build` first.");
  process.exit(1);
}
const { start, explainStartFailure } = await import(pathToFileURL(built).href);
try {
  const running = await start({ root, say: (line) => console.log(line) });
  process.once("SIGTERM", async () => {
    await running.stop();
    process.exit(0);
  });
  console.log(`listening: ${running.address}`);
} catch (error) {
  console.error(explainStartFailure(error) ?? error);
  process.exit(1);
}
