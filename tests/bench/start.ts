import path from "node:path";
import { startEmbedded } from "#app/platform/embedded.server.ts";
import { byTurns, median, milliseconds, type Benchmark } from "./measuring.ts";
import { root } from "./places.ts";
import { freePort, startProgram, temporaryDirectory } from "./processes.ts";

/** How long `npm start` takes on a directory that it has used before, beside the least that is needed for it. */
export const start: Benchmark = async ({ rounds }) => {
  const dataDir = temporaryDirectory("start");
  const siteUntilAnswer = async () => {
    const port = String(await freePort());
    const began = performance.now();
    const site = await startProgram(process.execPath, [path.join(root, "app/server/launch.mjs"), "start"], {
      cwd: root,
      env: { PORT: port, DATA_DIR: dataDir, LOG_LEVEL: "warn" },
      ready: /listening/,
    });
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    await answer.text();
    if (!answer.ok) throw new Error(`The first page was answered with ${answer.status}.`);
    return { site, took: performance.now() - began };
  };
  // The first start makes the database; it is not what is measured.
  await (await siteUntilAnswer()).site.stop();
  const bareDirectory = path.join(temporaryDirectory("bare"), "data");
  const log = { info() {}, warn: console.error, error: console.error };
  await (await startEmbedded(bareDirectory, { what: "a benchmark", log })).stop();

  const results = await byTurns(rounds, {
    afterStop: async () => {
      const { site, took } = await siteUntilAnswer();
      await site.stop();
      return took;
    },
    peer: async () => {
      let bare: Awaited<ReturnType<typeof startProgram>> | undefined;
      let postgres: Awaited<ReturnType<typeof startEmbedded>> | undefined;
      const took = await milliseconds(async () => {
        bare = await startProgram(process.execPath, [path.join(root, "tests/bench/bare-server.mjs")], {
          cwd: root,
          env: {},
          ready: /^listening: (http:\/\/\S+)$/m,
        });
        postgres = await startEmbedded(bareDirectory, { what: "a benchmark", log });
        await (await fetch(bare.said[1]!)).text();
      });
      await bare?.stop();
      await postgres?.stop();
      return took;
    },
    afterKill: async () => {
      const { site } = await siteUntilAnswer();
      await site.stop("SIGKILL");
      const again = await siteUntilAnswer();
      await again.site.stop();
      return again.took;
    },
  });
  const peer = median(results.peer);
  const beside = "bare Node and the same Postgres";
  return [
    {
      what: "second start to the first page",
      unit: "ms",
      ours: median(results.afterStop),
      peer,
      beside,
      aim: { atMost: 3 },
    },
    {
      what: "start after kill -9 to the first page",
      unit: "ms",
      ours: median(results.afterKill),
      peer,
      beside,
      aim: { atMost: 3 },
    },
  ];
};
