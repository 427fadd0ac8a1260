import { REPORT_KINDS, ROAD_STATES, type Passable } from "../../formats/report-record.ts";
import { listFormat } from "../../i18n/format.ts";
import { useLanguage, useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { SendButton } from "../../ui/button.tsx";
import { DetailsPanel } from "../../ui/details-panel.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { GetForm, type FieldError } from "../../ui/form.tsx";
import { SINCE, type MapPageQuery } from "./map-query.ts";

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
    query.since ? t(`map:since.${query.since}`) : undefined,
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
          set.length === 0
            ? t("map:filter.title")
            : t("map:filter.set", { filters: listFormat(set, code) })
        }
      >
        <SelectField name="event" label={t("map:filter.event")} empty={t("map:filter.all")} options={events} />
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
  const t = useT();
  const address = (passable: Passable | undefined) => paths.map({ ...query, passable, cursor: undefined });
  return (
    <nav aria-label={t("map:vehicles.label")}>
      <p className="meta">{t("map:vehicles.label")}</p>
      <ul className="quick">
        <li>
          <a
            data-keeps-view=""
            href={address(undefined)}
            aria-current={query.passable === undefined ? "true" : undefined}
          >
            {t("map:vehicles.all")}
          </a>
        </li>
        {vehicles.map((vehicle) => (
          <li key={vehicle}>
            <a
              data-keeps-view=""
              href={address(vehicle)}
              aria-current={query.passable === vehicle ? "true" : undefined}
            >
              {t(`map:passable.${vehicle}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
