import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { LanguageProvider } from "../i18n/language-context.tsx";
import { CheckField, ChoiceField, SelectField, TextAreaField, TextField } from "./field.tsx";
import { PostForm } from "./form.tsx";

function shown(children: ReactNode): string {
  return renderToStaticMarkup(
    <LanguageProvider language="zh-TW" now="2025-11-22T02:20:00Z">
      {children}
    </LanguageProvider>,
  );
}

describe("a form that comes back", () => {
  const page = shown(
    <PostForm
      id="person"
      intent="post"
      hidden={{ client_id: "c-1" }}
      errors={[
        { field: "full_name", token: "full_name_required" },
        { field: "status", token: "status_required" },
        { field: null, token: "form_expired" },
      ]}
      answers={{ text: "<平安>", need: ["injured"], event: "b", consent: "yes" }}
    >
      <TextField name="full_name" label="姓名" hint="中文最好" />
      <TextAreaField name="text" label="想說的話" />
      <ChoiceField name="status" legend="你現在" choices={[{ value: "safe", label: "平安" }]} />
      <ChoiceField
        many
        name="need"
        legend="需要"
        choices={[
          { value: "injured", label: "受傷" },
          { value: "money", label: "沒錢" },
        ]}
      />
      <SelectField
        name="event"
        label="事件"
        options={[
          { value: "a", label: "甲" },
          { value: "b", label: "乙" },
        ]}
      />
      <CheckField name="consent" label="同意" />
    </PostForm>,
  );

  test("opens at a list of what to change, each a link to a field that exists", () => {
    expect(page).toContain("有 3 項要改");
    expect(page).toMatch(/id="person-summary" role="alert" tabindex="-1" autofocus=""/i);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links).toEqual(["person-full_name", "person-status"]);
    for (const id of links) expect(page).toContain(`id="${id}"`);
    expect(page).toContain("這一頁開太久了");
  });

  test("ties hint and error to their control", () => {
    expect(page).toMatch(
      /<input id="person-full_name" name="full_name" aria-describedby="person-full_name-hint person-full_name-error" aria-invalid="true"/,
    );
    expect(page.indexOf('id="person-full_name-hint"')).toBeLessThan(
      page.indexOf('id="person-full_name-error"'),
    );
    expect(page.indexOf('id="person-full_name-error"')).toBeLessThan(
      page.indexOf('<input id="person-full_name"'),
    );
  });

  test("keeps every answer, and never as markup", () => {
    expect(page).toContain("&lt;平安&gt;</textarea>");
    expect(page).toMatch(/value="injured"[^>]*checked|checked[^>]*value="injured"/);
    expect(page).not.toMatch(/checked=""[^>]*value="money"|value="money"[^>]*checked/);
    expect(page).toMatch(/<option value="b" selected=""|<option selected="" value="b"/);
    expect(page).toMatch(/id="person-consent"[^>]*checked/);
  });

  test("says what it is about without script", () => {
    expect(page).toContain('<input type="hidden" name="intent" value="post"/>');
    expect(page).toContain('<input type="hidden" name="client_id" value="c-1"/>');
    expect(page).not.toMatch(/ on[a-z]+=|style="/);
  });
});

test("one missing answer is called that", () => {
  const page = shown(
    <PostForm id="f" errors={[{ field: "full_name", token: "full_name_required" }]}>
      <TextField name="full_name" label="姓名" />
    </PostForm>,
  );
  expect(page).toContain("還差一項");
});

test("a form without anything to change has no summary and no invalid field", () => {
  const page = shown(
    <PostForm id="f" answers={{ constructor: undefined }}>
      <TextField name="constructor" label="x" defaultValue="y" />
    </PostForm>,
  );
  expect(page).not.toContain('id="f-summary"');
  expect(page).not.toContain("aria-invalid");
  expect(page).toContain('value="y"');
});
