/**
 * The basis of the statistics (D83, D84): what a figure counts, by whom it was counted, what is missing. It is written
 * into each release, so that a later change of words does not change what was said of earlier figures. Pure.
 */
import type { Basis } from "./release-content.ts";

/** The basis in all languages of the site. */
export function basis(invented: boolean): Basis {
  const counted: Basis["counted"] = {
    "zh-TW": "旅外國人急難救助案件數（件，不是人數），以受理日所屬月份、案發國家、急難情形和出國目的統計。",
    en: "Cases of emergency assistance to travellers from Taiwan (cases, not persons), by the month they were opened, the country, the kind of emergency and the purpose of the stay.",
    ja: "海外で緊急援助を受けた台湾人の案件数（件数であり、人数ではありません）。受理した月、国、緊急事態の種類、渡航目的で集計しています。",
  };
  if (invented) {
    for (const [language, words] of Object.entries({
      "zh-TW": "【虛構的示範資料】",
      en: "INVENTED EXAMPLE. ",
      ja: "【架空の見本データ】",
    }))
      counted[language] = words + counted[language];
  }
  return {
    counted,
    counted_by: {
      "zh-TW": "本站值勤人員登錄的案件；不是外交部的官方統計。",
      en: "Cases that the staff of this site filed. These are not official figures of the foreign ministry.",
      ja: "このサイトの担当者が登録した案件です。外交部の公式統計ではありません。",
    },
    coverage: {
      "zh-TW": "公布當時已登錄的案件。晚到的案件會另出更正版，不改舊版。",
      en: "Cases filed by the day of the release. Later ones appear in a correction; a release itself never changes.",
      ja: "公表時までに登録された案件です。遅れて届いた案件は訂正版で示し、公表済みの版は変えません。",
    },
    undercount: {
      "zh-TW": "已知低估：多數人遇事未求助或只找親友、旅行社、保險公司，這些都不在數字裡。",
      en: "Known undercount: most people in trouble ask nobody, or only family, a travel agency or an insurer. None of these are in the figures.",
      ja: "既知の過少計上：多くの人は誰にも助けを求めないか、家族・旅行会社・保険会社にのみ頼ります。これらは数字に含まれません。",
    },
    protection: {
      "zh-TW":
        "少於 5 件（逮捕拘禁、傷病死亡、暴力犯罪少於 10 件）的數字，以及可用來推算它們的數字，都不公布，改列任何人都能自行推算的範圍。",
      en: "Figures below 5 (below 10 for arrests, injury or death, and violent crime) are hidden, and so are figures they could be computed from. The range shown is what anybody can compute.",
      ja: "5件未満（逮捕・拘束、傷病・死亡、暴力犯罪は10件未満）の数字と、それを推計できる数字は公表せず、誰でも計算できる範囲を示します。",
    },
  };
}
