/** Form answers as plain values: what was typed, under the names we know, and nothing else. */

/** One answer, or several where a field may be repeated. Kept to show a form again as it was filled in. */
export type Answers = Record<string, string | string[]>;

/**
 * Reads the named fields of a form. Other fields are ignored, files too. A field in `repeatable` gives a list; of any
 * other field sent twice the last answer counts, as in a browser that changed its mind.
 */
export function formAnswers(
  form: FormData,
  fields: readonly string[],
  repeatable: readonly string[] = [],
): Answers {
  const answers: Answers = {};
  for (const field of fields) {
    const given = form.getAll(field).filter((value): value is string => typeof value === "string");
    if (repeatable.includes(field)) answers[field] = given.slice(0, 50);
    else if (given.length > 0) answers[field] = given.at(-1)!;
  }
  return answers;
}

export interface FieldError {
  field: string;
  token: string;
}

/** The problems zod found, one a field, in the order of the form; the messages of our schemas are tokens. */
export function fieldErrors(issues: ReadonlyArray<{ path: PropertyKey[]; message: string }>): FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    const field = String(issue.path[0] ?? "");
    if (!errors.some((error) => error.field === field)) errors.push({ field, token: tokenOf(issue.message) });
  }
  return errors;
}

function tokenOf(message: string): string {
  return /^[a-z][a-z0-9_]*$/.test(message) ? message : "answer_invalid";
}
