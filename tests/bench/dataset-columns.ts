import { dataset as persons } from "../../app/features/safety/persons.dataset.ts";

/** The columns of the view behind a dataset, for asking Postgres for the same. */
export const datasets = {
  persons: persons.fields.filter(({ path }) => path === undefined).map(({ name, column }) => column ?? name),
} as const;
