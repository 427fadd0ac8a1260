import { useT } from "../i18n/language-context.tsx";
import { ChoiceField } from "./field.tsx";

export type PersonalDataWord =
  | "national_id"
  | "residence_permit"
  | "passport"
  | "card"
  | "phone"
  | "email"
  | "line_id"
  | "birthday"
  | "address"
  | "name";

interface PersonalDataQuestionProps {
  /** The text in parts, with what each gives away. */
  parts: readonly { text: string; kind: PersonalDataWord | null }[];
  /** A photo was sent with it, which browsers forget when a form comes back. */
  photoAgain?: boolean;
}

/** Inside a form that came back: what strangers would learn from the text, and whether that is meant. */
export function PersonalDataQuestion({ parts, photoAgain }: PersonalDataQuestionProps) {
  const t = useT();
  if (parts.length === 0) return null;
  return (
    <section className="notice" id="personal-data" aria-labelledby="personal-data-title">
      <h2 id="personal-data-title">{t("common:personalData.title")}</h2>
      <p>{t("common:personalData.lede")}</p>
      <blockquote dir="auto">
        {parts.map(({ text, kind }, at) =>
          kind ? (
            <span key={at}>
              <mark>{text}</mark> <small>({t(`common:personalData.kind.${kind}`)})</small>{" "}
            </span>
          ) : (
            <span key={at}>{text}</span>
          ),
        )}
      </blockquote>
      <ChoiceField
        name="personal_data"
        legend={t("common:personalData.legend")}
        defaultValue="mask"
        choices={[
          { value: "mask", label: t("common:personalData.mask"), hint: t("common:personalData.maskHint") },
          { value: "keep", label: t("common:personalData.keep"), hint: t("common:personalData.keepHint") },
        ]}
      />
      <p className="hint">{t("common:personalData.next")}</p>
      {photoAgain ? (
        <p>
          <b>{t("common:form.photoKeptHint")}</b>
        </p>
      ) : null}
    </section>
  );
}
