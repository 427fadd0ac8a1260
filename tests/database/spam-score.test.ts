import { describe, expect, it } from "vitest";
import { forEachDoor } from "#tests/support/database.ts";
import { post } from "#tests/support/records.ts";

forEachDoor((door) => {
  const score = async (text: string, repeats = 0) => {
    const [row] = await door.sql<{ score: number }[]>`select app.spam_score(${text}, ${repeats}) as score`;
    return row!.score;
  };
  const put = async (subject: string, text: string, severity = 3) => {
    const item = { kind: "new", subject_type: "person", subject_id: subject, severity, text };
    const [made] = await door.sql<{ id: string }[]>`select app.enqueue(${door.sql.json(item)}) as id`;
    const [row] = await door.sql<{ spam_score: number; rank_at: Date; waiting_since: Date }[]>`
      select spam_score, rank_at, waiting_since from app.queue_items where id = ${made!.id}`;
    return row!;
  };

  describe("a score of how much a text looks like one that is sent to everybody", () => {
    it("is nothing for what people write in need, links of news and of maps included", async () => {
      expect(await score("我在加德滿都的收容所，手機 0912-345-678，請通知家人")).toBe(0);
      expect(await score("See https://www.geonet.org.nz/earthquake for the reports")).toBeLessThan(50);
      expect(await score("")).toBe(0);
    });

    it("grows with links, shorteners, words of sellers and repeats, and ends at 100", async () => {
      const link = await score("look https://example.org");
      const short = await score("look https://bit.ly/abc");
      const sold = await score("look https://bit.ly/abc USDT 穩賺");
      expect([link > 0, short > link, sold > short]).toEqual([true, true, true]);
      expect(await score("look https://bit.ly/abc USDT 穩賺", 50)).toBe(100);
    });

    it("H50: a million links are one answer at once", async () => {
      expect(await score("https://bit.ly/a ".repeat(60_000), 3)).toBe(100);
    });

    it("H50: the same text with other blanks, numbers and marks is the same text, and only goes further back", async () => {
      const { id } = await post(door.commands, {});
      const first = await put(id, "請匯款到這個帳戶幫助災民，謝謝大家 1");
      const again = [];
      for (const text of [
        "請匯款到這個帳戶\u200B幫助災民，謝謝大家 2",
        "請匯款到這個帳戶 幫助災民！謝謝大家",
      ])
        again.push(await put(id, text));
      const other = await put(id, "橋斷了，請走另一邊，步行可以通過");
      expect(first.spam_score).toBe(0);
      expect(again.map(({ spam_score }) => spam_score)).toEqual([10, 20]);
      expect(other.spam_score).toBe(0);
      const behind = (one: typeof first) => one.rank_at.getTime() - one.waiting_since.getTime();
      expect(behind(again[1]!)).toBeGreaterThan(behind(first));
      // A call for help is never behind because somebody else wrote the same.
      const help = await put(id, "請匯款到這個帳戶幫助災民，謝謝大家", 1);
      const [calm] = await door.sql<{ behind: number }[]>`
        select extract(epoch from rank_at - waiting_since)::int as behind from app.queue_items
        where severity = 1 and spam_score > 0 limit 1`;
      expect(help.spam_score).toBe(30);
      expect(calm!.behind).toBe(-30 * 86_400);
    });

    it("short answers that many write alike are no repetition", async () => {
      const { id } = await post(door.commands, {});
      for (let time = 0; time < 3; time += 1) expect((await put(id, "平安")).spam_score).toBe(0);
    });
  });
});
