import type { ReactNode } from "react";
import { useT } from "../../i18n/language-context.tsx";
import { SendButton } from "../../ui/button.tsx";
import { CheckField, TextAreaField, TextField } from "../../ui/field.tsx";
import { PostForm, type Answers, type FieldError } from "../../ui/form.tsx";
import { OFFER_LIMITS } from "./offers.ts";

interface OfferFormProps {
  answers: Answers;
  errors: readonly FieldError[];
  hidden: Readonly<Record<string, string>>;
  guard: ReactNode;
}

/** What somebody offers, where, in what language, when, and how the site tells them. */
export function OfferForm({ answers, errors, hidden, guard }: OfferFormProps) {
  const t = useT();
  return (
    <PostForm id="offer" answers={answers} errors={errors} hidden={hidden} draft>
      <TextAreaField
        name="what"
        label={t("stories:offer.whatLabel")}
        hint={t("stories:offer.whatHint")}
        rows={4}
        maxLength={OFFER_LIMITS.what}
      />
      <TextField
        name="place"
        label={t("stories:offer.placeLabel")}
        hint={t("stories:offer.placeHint")}
        maxLength={OFFER_LIMITS.place}
        optional
      />
      <TextField
        name="languages"
        label={t("stories:offer.languagesLabel")}
        maxLength={OFFER_LIMITS.languages}
        optional
      />
      <TextField
        name="available"
        label={t("stories:offer.availableLabel")}
        hint={t("stories:offer.availableHint")}
        maxLength={OFFER_LIMITS.available}
        optional
      />
      <TextField
        name="name"
        label={t("stories:offer.nameLabel")}
        hint={t("stories:offer.nameHint")}
        autoComplete="name"
        maxLength={100}
      />
      <TextField
        name="email"
        type="email"
        label={t("stories:offer.emailLabel")}
        hint={t("stories:offer.emailHint")}
        autoComplete="email"
      />
      <CheckField
        name="consent"
        label={t("stories:offer.consentLabel")}
        hint={t("stories:offer.consentHint")}
      />
      {guard}
      <SendButton>{t("stories:offer.send")}</SendButton>
    </PostForm>
  );
}
