import { useT } from "../../i18n/language-context.tsx";
import { AddressToKeep } from "../../ui/address-to-keep.tsx";
import { ButtonRow, CopyButton, PrintButton, ShareButton } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";

interface PostedReportProps {
  /** Nobody sees it yet: it seems to come from a program, or the same words came very often. */
  held: boolean;
  protectedPlace: boolean;
  manageUrl: string;
  /** The manage link as a QR code: an SVG data address. */
  manageQr: string;
  shareUrl: string | null;
  title: string;
}

/** Right after posting, shown once: what happens now, and the link that only the author gets. */
export function PostedReport(props: PostedReportProps) {
  const t = useT();
  const { held, manageUrl, shareUrl } = props;
  return (
    <>
      <Notice id="manage" title={t("map:posted.title")}>
        <p>{t(held ? "map:posted.nextHeld" : "map:posted.next")}</p>
        {props.protectedPlace ? <p>{t("map:posted.protected")}</p> : null}
      </Notice>
      <h2>{t("map:posted.manageTitle")}</h2>
      <p>{t("map:posted.manageText")}</p>
      <AddressToKeep href={manageUrl} />
      <p className="meta">{t("map:posted.manageWarning")}</p>
      <ButtonRow>
        <CopyButton text={manageUrl} label={t("map:posted.copyButton")} />
        <PrintButton />
      </ButtonRow>
      <p className="meta">{t("map:posted.qrTitle")}</p>
      <p>
        <img className="qr" src={props.manageQr} alt={t("map:posted.qrAlt")} width="176" height="176" />
      </p>
      {shareUrl === null ? null : (
        <>
          <h2>{t("map:posted.shareTitle")}</h2>
          <AddressToKeep href={shareUrl} />
          <ButtonRow>
            <ShareButton url={shareUrl} title={props.title} label={t("map:posted.shareButton")} />
          </ButtonRow>
        </>
      )}
    </>
  );
}
