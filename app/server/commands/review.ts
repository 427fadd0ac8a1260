import { decideQueueItem, listQueueItems } from "../../features/safety/queue.server.ts";
import { isUuid } from "../../features/safety/record-ids.ts";
import { paths } from "../../platform/paths.ts";
import { DONE, UsageError, type Command } from "./command.ts";
import { plain } from "./terminal.ts";

const most = 200;

/** What accepting and refusing mean for each kind of item. */
const meanings: Record<string, string> = {
  needs_help: "accept: somebody sees to it",
  death_report: "accept: shown, as official; refuse: stays hidden",
  objection: "accept: the objection is right; refuse: the record is shown again",
  photo_of_minor: "accept: the photo is shown",
  looks_automatic: "accept: the post is shown; refuse: it stays hidden",
  report: "accept: somebody sees to it",
  new: "accept: it is shown; refuse: it stays hidden",
  flagged: "accept: it stays as it is; refuse: it is hidden",
  held: "accept: it is shown; refuse: it stays hidden",
  disagreement: "accept: it stays beside the official word; refuse: it is hidden",
  correction: "accept: the reason you give becomes the correction; refuse: what stands is right",
  appeal: "accept: the decision is overturned; refuse: it stands",
  offer: "accept: it is passed on; refuse: it is not",
  import_problem: "accept: it is shown; refuse: it stays hidden",
};

export const reviewList: Command = {
  name: "review list",
  operands: "",
  takes: [0, 0],
  summary: "Show what waits for a person's decision, most severe first.",
  async run({ terminal, open }) {
    const { backend, env } = await open();
    const items = await listQueueItems(backend.commands, most);
    for (const item of items) {
      const said = [item.reason, item.text].filter((part) => part !== null && part !== "").join(": ");
      await terminal.write(
        [
          `${item.id}  ${item.kind} (${item.severity})  since ${item.created_at}`,
          `  ${plain(item.full_name ?? "?")}${item.person_id ? `  ${env.publicUrl}${paths.person(item.person_id)}` : ""}`,
          ...(said === "" ? [] : [`  ${plain(said, 500)}`]),
          `  ${meanings[item.kind] ?? ""}`.trimEnd(),
          "",
          "",
        ].join("\n"),
      );
    }
    terminal.tell(
      items.length === 0
        ? "nothing waits"
        : `${items.length}${items.length === most ? " or more" : ""} waiting`,
    );
    return DONE;
  },
};

export const reviewDecide: Command = {
  name: "review decide",
  operands: "ID accept|refuse --by NAME --reason TEXT",
  takes: [2, 2],
  summary: "Decide what waits, with your name and a reason; both are kept.",
  options: {
    by: { value: "NAME", about: "who decides; needed" },
    reason: { value: "TEXT", about: "why; needed. The author of the record can read it" },
  },
  async run({ terminal, operands, option, open }) {
    const [id = "", decision] = operands;
    const by = option("by")?.trim();
    const reason = option("reason")?.trim();
    if (!isUuid(id)) throw new UsageError(`"${id}" is not the id of an item; "review list" shows them.`);
    if (decision !== "accept" && decision !== "refuse") {
      throw new UsageError(`decide "accept" or "refuse", not "${decision}".`);
    }
    if (!by) throw new UsageError("who decides? Add --by NAME.");
    if (!reason) throw new UsageError("why? Add --reason TEXT.");
    const { backend } = await open();
    const { kind } = await decideQueueItem(backend.commands, { id, decision, by, reason });
    await terminal.write(`${kind} ${id}: ${decision === "accept" ? "accepted" : "refused"}\n`);
    return DONE;
  },
};
