import { useT } from "../../i18n/language-context.tsx";
import { ButtonRow, CopyButton, PrintButton, ShareButton } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Person } from "./persons.ts";

interface PostedNoticeProps {
  person: Person | null;
  visibility: "public" | "known" | "link" | "staff";
  needsHelp: boolean;
  held: boolean;
  manageUrl: string;
  /** The manage link as a QR code: an SVG data address. */
  manageQr: string;
  shareUrl: string;
}

const next = { public: "nextPublic", known: "nextKnown", link: "nextLink", staff: "nextStaff" } as const;

/** Right after posting, shown once: what happens now, and the link that only the author gets. */
export function PostedNotice({
  person,
  visibility,
  needsHelp,
  held,
  manageUrl,
  manageQr,
  shareUrl,
}: PostedNoticeProps) {
  const t = useT();
  return (
    <Notice id="manage" title={t(needsHelp ? "safety:posted.titleHelp" : "safety:posted.title")}>
      <p>{t(held ? "safety:posted.nextHeld" : `safety:posted.${next[visibility]}`)}</p>
      {needsHelp ? <p>{t("safety:posted.nextHelp")}</p> : null}
      <h3>{t("safety:posted.manageTitle")}</h3>
      <p>{t("safety:posted.manageText")}</p>
      <p>
        <a className="long" href={manageUrl}>
          {manageUrl}
        </a>
      </p>
      <ButtonRow>
        <CopyButton text={manageUrl} label={t("safety:posted.copyButton")} />
        <PrintButton label={t("safety:posted.printButton")} />
      </ButtonRow>
      <details>
        <summary>{t("safety:posted.qrTitle")}</summary>
        <img className="qr" src={manageQr} alt={t("safety:posted.qrAlt")} width="220" height="220" />
      </details>
      <p className="meta">{t("safety:posted.manageWarning")}</p>
      {person ? (
        <ButtonRow>
          <ShareButton
            url={shareUrl}
            title={t("safety:posted.shareText", { name: person.full_name })}
            label={t("safety:posted.shareButton")}
          />
        </ButtonRow>
      ) : null}
    </Notice>
  );
}
