import { expireNow } from "../../jobs/expire-records.ts";
import { DONE, type Command } from "./command.ts";

export const expire: Command = {
  name: "expire",
  operands: "",
  takes: [0, 0],
  summary: "Hide what has run out and wipe what was kept long enough, now instead of within a minute.",
  async run({ terminal, open }) {
    const { backend } = await open();
    const { records, mail } = await expireNow(backend);
    await terminal.write(`${records} records expired, ${mail} mails forgotten\n`);
    return DONE;
  },
};
