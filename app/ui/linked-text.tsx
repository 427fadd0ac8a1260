interface LinkedTextProps {
  /** A translated sentence with one `<link>…</link>` in it. */
  text: string;
  href: string;
}

/** A sentence with a link inside, so that each language puts the link where its grammar wants it. */
export function LinkedText({ text, href }: LinkedTextProps) {
  const [before = "", rest = ""] = text.split("<link>", 2);
  const [inside = "", after = ""] = rest.split("</link>", 2);
  return (
    <>
      {before}
      {inside ? <a href={href}>{inside}</a> : null}
      {after}
    </>
  );
}
