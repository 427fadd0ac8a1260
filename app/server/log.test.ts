import { expect, test } from "vitest";
import { createLog } from "./log.ts";

function written(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = "";
  write(createLog("info", { write: (line: string) => void (text += line) }));
  return text;
}

test("H48 cookies, tokens, contact details and addresses are struck out wherever they stand", () => {
  const text = written((log) =>
    log.info(
      {
        cookie: "s3cret",
        headers: { authorization: "s3cret", "set-cookie": "s3cret" },
        person: { contact: { email: "s3cret", phone: "s3cret" } },
        caller: { ip: "s3cret" },
      },
      "seen",
    ),
  );
  expect(text).not.toContain("s3cret");
  expect(text).toContain("seen");
});

test("H48 line breaks, terminal escapes and format marks stay inside their line", () => {
  const text = written((log) => log.info({ name: 'x\r\n{"level":"fatal"}\u001b[31m %s %d' }, "a\nb"));
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  expect(text).not.toMatch(/\u001b/);
});

test("an error keeps its place in the code and loses what a library hung on it", () => {
  const error = Object.assign(new Error("refused"), {
    code: "ECONNREFUSED",
    query: "s3cret",
    request: { body: "s3cret" },
  });
  const text = written((log) => log.error({ err: error }, "failed"));
  expect(text).toContain("ECONNREFUSED");
  expect(text).toContain("log.test.ts");
  expect(text).not.toContain("s3cret");
});
