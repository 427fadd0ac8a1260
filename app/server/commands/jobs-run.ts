import { jobs } from "../../jobs/jobs.ts";
import { DONE, UsageError, type Command } from "./command.ts";
import { nearest } from "./nearest.ts";

const names = jobs.map(({ name }) => name);

export const jobsRun: Command = {
  name: "jobs run",
  operands: "NAME",
  takes: [1, 1],
  summary: "Run one of the server's jobs once, now.",
  details: `Known jobs: ${names.join(", ")}.`,
  async run({ terminal, operands, open }) {
    const name = operands[0]!;
    const job = jobs.find((known) => known.name === name);
    if (!job) {
      const near = nearest(name, names);
      throw new UsageError(
        `there is no job "${name}"; ${near ? `did you mean "${near}"?` : `known are ${names.join(", ")}.`}`,
      );
    }
    const { jobContext } = await open();
    const began = performance.now();
    await job.run(jobContext, new AbortController().signal);
    terminal.tell(`${name} ran for ${Math.round(performance.now() - began)} ms`);
    return DONE;
  },
};
