import { findEvent, openEvent } from "../../features/events/events.server.ts";
import { postInventedReport } from "../../features/map/invented-reports.server.ts";
import { postInvented } from "../../features/safety/invented-persons.server.ts";
import { paths } from "../../platform/paths.ts";
import { DONE, REFUSED, type Command } from "./command.ts";
import { addInventedCases } from "./demo-cases.ts";
import { addInventedStories } from "./demo-stories.ts";
import { addInventedNotices } from "./demo-notices.ts";
import { inventedEvents } from "./demo-events.ts";
import { inventPersons } from "./demo-persons.ts";
import { drawPortrait } from "./demo-portrait.ts";
import { inventReports } from "./demo-reports.ts";

export const demo: Command = {
  name: "demo",
  operands: "",
  takes: [0, 0],
  summary:
    "Fill the site with two invented events, 300 invented persons, 114 invented reports for the map and 5,000 invented cases, marked as such.",
  details: `
One event is an example, the other a drill. Names in many spellings, statuses of the last days, duplicates that are
linked, posts that wait for a decision. Roads and places with what others said of them, some taken care of and closed.
Cases of six years, sparse as such numbers are. A second time changes nothing. Not for a site that people rely on.`,
  async run({ terminal, open }) {
    const { backend, caller, env } = await open();
    const now = new Date();
    let created = 0;
    let present = 0;
    const reports = { created: 0, present: 0 };
    let notices = 0;
    for (const invented of inventedEvents) {
      const { event, startedHoursAgo } = invented;
      const before = await findEvent(backend.db, event.slug);
      if (before && !before.invented) {
        terminal.tell(`lookout: there is a real event ${event.slug}: nothing is invented beside it.`);
        return REFUSED;
      }
      if (!before) {
        const started = new Date(now.getTime() - startedHoursAgo * 3600_000);
        await openEvent(backend.commands, { ...event, started_at: started.toISOString() });
      }
      for (const [number, person] of inventPersons(invented, now).entries()) {
        const photo = person.hasPortrait ? () => drawPortrait(number) : undefined;
        if ((await postInvented(caller, person, { now, photo })) === "created") created += 1;
        else present += 1;
        terminal.progress(`${event.slug}: ${number + 1} of ${invented.persons} persons`);
      }
      for (const report of inventReports(invented, now))
        reports[await postInventedReport(caller, report)] += 1;
      notices += await addInventedNotices(backend.commands, event.slug, now);
      terminal.progress(null);
      await terminal.write(`${env.publicUrl}${paths.event(event.slug)}\n`);
    }
    await terminal.write(`persons: ${created} invented, ${present} already here\n`);
    await terminal.write(`reports: ${reports.created} invented, ${reports.present} already here\n`);
    await terminal.write(`official notices: ${notices} invented\n`);
    const cases = await addInventedCases(backend.commands, (words) => terminal.progress(words));
    terminal.progress(null);
    await terminal.write(`cases: ${cases.created} invented, ${cases.present} already here\n`);
    const stories = await addInventedStories(backend.commands, now);
    await terminal.write(`case stories: ${stories.created} invented, ${stories.present} already here\n`);
    return DONE;
  },
};
