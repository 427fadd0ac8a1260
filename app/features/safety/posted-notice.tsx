import type { ReactNode } from "react";
import { useT } from "../../i18n/language-context.tsx";
import { AddressToKeep } from "../../ui/address-to-keep.tsx";
import { ButtonRow, CopyButton, PrintButton, ShareButton } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Visibility } from "./persons.ts";

interface PostedNoticeProps {
  name: string;
  visibility: Visibility;
  needsHelp: boolean;
  /** Why nothing or not all of it is public yet: a report of a death, or a first look at what seems automatic. */
  held: "death" | "look" | null;
  /** The manage link has gone to the author's mailbox too. */
  mailed: boolean;
  manageUrl: string;
  /** The manage link as a QR code: an SVG data address. */
  manageQr: string;
  /** The address for the family; null where nobody but the author may open it. */
  shareUrl: string | null;
  /** Whom to call, for somebody in need. */
  hotline: ReactNode;
}

const next = {
  public: "safety:posted.nextPublic",
  known: "safety:posted.nextKnown",
  link: "safety:posted.nextLink",
  staff: "safety:posted.nextStaff",
  death: "safety:posted.nextHeld",
  look: "safety:posted.nextLook",
} as const;

/** Right after posting, shown once: what happens now, and the link that only the author gets. */
export function PostedNotice(props: PostedNoticeProps) {
  const t = useT();
  const { needsHelp, held, manageUrl, shareUrl } = props;
  return (
    <>
      <Notice id="manage" title={t(needsHelp ? "safety:posted.titleHelp" : "safety:posted.title")}>
        {needsHelp ? <p>{t("safety:posted.nextHelp")}</p> : null}
        <p>{t(next[held ?? props.visibility])}</p>
      </Notice>
      {needsHelp ? props.hotline : null}
      <h2>{t("safety:posted.manageTitle")}</h2>
      <p>{t(props.mailed ? "safety:posted.manageMailed" : "safety:posted.manageOnce")}</p>
      <AddressToKeep href={manageUrl} />
      <p className="meta">{t("safety:posted.manageWarning")}</p>
      <ButtonRow>
        <CopyButton text={manageUrl} label={t("safety:posted.copyButton")} />
        <PrintButton />
      </ButtonRow>
      <p className="meta">{t("safety:posted.qrTitle")}</p>
      <p>
        <img className="qr" src={props.manageQr} alt={t("safety:posted.qrAlt")} width="176" height="176" />
      </p>
      {shareUrl === null ? null : (
        <>
          <h2>{t("safety:posted.shareTitle")}</h2>
          <AddressToKeep href={shareUrl} />
          <ButtonRow>
            <ShareButton
              url={shareUrl}
              title={t("safety:posted.shareText", { name: props.name })}
              label={t("safety:posted.shareButton")}
            />
          </ButtonRow>
        </>
      )}
    </>
  );
}
