import { expirePersons } from "../../features/safety/queue.server.ts";
import { pruneOutbox } from "../../features/notifications/outbox.server.ts";
import { DONE, type Command } from "./command.ts";

export const expire: Command = {
  name: "expire",
  operands: "",
  takes: [0, 0],
  summary: "Hide what has run out and wipe what was kept long enough, now instead of within a minute.",
  async run({ terminal, open }) {
    const { backend } = await open();
    const { sealed } = await expirePersons(backend.commands);
    const mail = await pruneOutbox(backend.commands);
    await terminal.write(`${sealed} records expired, ${mail} mails forgotten\n`);
    return DONE;
  },
};
