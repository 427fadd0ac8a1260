import type { ReactNode } from "react";

export interface Fact {
  label: string;
  value: ReactNode;
}

/** What is known, as label and value. An unknown value is left out: an empty line says nothing. */
export function Facts({ facts }: { facts: readonly (Fact | null | false | undefined)[] }) {
  const known = facts.filter((fact): fact is Fact => Boolean(fact && fact.value));
  if (known.length === 0) return null;
  return (
    <dl className="facts">
      {known.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
