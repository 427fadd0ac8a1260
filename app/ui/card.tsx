import type { ReactNode } from "react";

interface CardProps {
  children: ReactNode;
  as?: "article" | "section" | "li" | "div";
  id?: string;
}

/** One item of the community: a record, an event. Official words never stand in a card; they have their own box. */
export function Card({ children, as: Tag = "article", id }: CardProps) {
  return (
    <Tag className="card" id={id}>
      {children}
    </Tag>
  );
}
