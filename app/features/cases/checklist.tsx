import type { ReactNode } from "react";

interface ChecklistProps {
  items: readonly { text: string; language: string; note?: ReactNode }[];
}

/** Things to do, with a box to tick on paper. */
export function Checklist({ items }: ChecklistProps) {
  return (
    <ul className="to-do">
      {items.map(({ text, language, note }, index) => (
        <li key={`${index} ${text}`} lang={language}>
          <span>
            {text}
            {note ? <small>{note}</small> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
