interface AddressToKeepProps {
  href: string;
}

/** A secret address somebody must take along: a link, and one long press takes all of it. */
export function AddressToKeep({ href }: AddressToKeepProps) {
  return (
    <a className="take" href={href}>
      {href}
    </a>
  );
}
