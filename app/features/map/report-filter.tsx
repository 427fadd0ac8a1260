import { REPORT_KINDS, ROAD_STATES, type Passable } from "../../formats/report-record.ts";
import { dateTime, listFormat, taipei } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { SendButton } from "../../ui/button.tsx";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { GetForm, type FieldError } from "../../ui/form.tsx";
import { SINCE, isSpan, type MapPageQuery } from "./map-query.ts";

interface ReportFilterProps {
  query: MapPageQuery;
  events: readonly { value: string; label: string }[];
  errors: readonly FieldError[];
}

/** What to show, behind one tap, and said on it where something is set. */
export function ReportFilter({ query, events, errors }: ReportFilterProps) {
  const t = useT();
  const { code } = useLanguage();
  const set = [
    events.find(({ value }) => value === query.event)?.label,
    query.kind ? t(`map:kind.${query.kind}`) : undefined,
    query.state ? t(`map:state.${query.state}`) : undefined,
    query.since === undefined
      ? undefined
      : isSpan(query.since)
        ? t(`map:since.${query.since}`)
        : dateTime(new Date(query.since), taipei, code),
    query.near,
  ].filter((label) => label !== undefined);
  return (
    <GetForm
      id="filter"
      action={paths.map()}
      answers={{ ...query }}
      errors={errors}
      hidden={{ passable: query.passable, view: query.view }}
      search
    >
      <DetailsPanel
        icon="search"
        open={errors.length > 0}
        summary={
          set.length === 0 ? t("map:filter.title") : t("map:filter.set", { filters: listFormat(set, code) })
        }
      >
        <SelectField
          name="event"
          label={t("map:filter.event")}
          empty={t("map:filter.all")}
          options={events}
        />
        <div className="pairs">
          <SelectField
            name="kind"
            label={t("map:filter.kind")}
            empty={t("map:filter.all")}
            options={REPORT_KINDS.map((kind) => ({ value: kind, label: t(`map:kind.${kind}`) }))}
          />
          <SelectField
            name="state"
            label={t("map:filter.state")}
            empty={t("map:filter.all")}
            options={ROAD_STATES.map((state) => ({ value: state, label: t(`map:state.${state}`) }))}
          />
        </div>
        <SelectField
          name="since"
          label={t("map:filter.since")}
          empty={t("map:filter.anyTime")}
          options={SINCE.map((since) => ({ value: since, label: t(`map:since.${since}`) }))}
        />
        <TextField name="near" label={t("map:filter.near")} hint={t("map:filter.nearHint")} optional />
        <SendButton look="plain">{t("map:filter.button")}</SendButton>
      </DetailsPanel>
    </GetForm>
  );
}

const vehicles: readonly Passable[] = ["motorcycle", "four_wheel_drive", "car", "truck", "heavy"];

/** What passes, by one tap: only roads on which a vehicle of that size gets through. */
export function VehicleChoice({ query }: { query: MapPageQuery }) {
  return (
    <VehicleLinks
      all
      current={query.passable}
      address={(passable) => paths.map({ ...query, passable, cursor: undefined })}
    />
  );
}

interface VehicleLinksProps {
  current: Passable | undefined;
  address: (passable: Passable | undefined) => string;
  /** Offers to show everything, too. */
  all?: boolean;
}

/** One link a vehicle, the chosen one marked. */
export function VehicleLinks({ current, address, all }: VehicleLinksProps) {
  const t = useT();
  const choices = [...(all ? [undefined] : []), ...vehicles];
  return (
    <nav className="no-print" aria-label={t("map:vehicles.label")}>
      <p className="meta">{t("map:vehicles.label")}</p>
      <ul className="quick">
        {choices.map((vehicle) => (
          <li key={vehicle ?? "all"}>
            <a
              data-keeps-view=""
              href={address(vehicle)}
              aria-current={current === vehicle ? "true" : undefined}
            >
              {vehicle ? t(`map:passable.${vehicle}`) : t("map:vehicles.all")}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
