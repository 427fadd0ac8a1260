import type { Found } from "./folded-text.ts";

/** The commonest family names of Taiwan (Ministry of the Interior, list of names), with those of the Japanese below. */
const SURNAMES =
  "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜傅侯曹薛丁卓馬阮董唐溫藍石蔣田康鄒白涂尤巫韓龔嚴袁黎金童倪古甘馮梅莫伍關譚湯姚尹秦顧辜連章程孔賀萬符熊饒凌駱岑池紀史任盤俞祝賈陸汪易陶柳夏錢單解仇邵毛龍段雷鐘全包郝華陈黄张吴刘杨许郑谢赖苏叶庄吕萧罗简钟卢赵颜孙邓范冯莫谭汤顾连贺万饶骆纪贾陆";
const COMPOUND_SURNAMES =
  "歐陽|司馬|諸葛|上官|司徒|東方|皇甫|尉遲|公孫|慕容|令狐|范姜|張簡|張廖|陳林|欧阳|司马|诸葛";
const JAPANESE_SURNAMES =
  "佐藤|鈴木|高橋|田中|伊藤|渡辺|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|斉藤|清水|山崎|池田|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田|西村|藤井|金子|岡本|藤原|中野|三浦|原田|中川|松田|竹内|小野|田村|中山|和田|石田|森田|上田|内田|柴田|酒井|宮崎|横山|高木|安藤|宮本|大野|小島|工藤|谷口|今井|高田|丸山|増田|杉山|村田|大塚|新井|小山|平野|藤本|河野|上野|野口|武田|松井|千葉|岩崎|菅原|木下|久保|佐野|野村|松尾|菊地|市川|古川|島田|水野|桜井|高野|吉川|山内|西田|飯田|西川|小松|北村|安田|川口|平田|中田|久保田|服部|川崎|岩田|土屋|福島|本田|樋口|秋山|永井|中西|吉村|川上|石原|大橋|松岡|馬場|浜田|森本|星野|矢野|浅野|大島|松下|吉岡|小池|野田|荒木|大久保|熊谷|松浦|黒田|尾崎|川村|永田|望月|田辺|片山|松村|岩本|森|林|原|関|東|辻";

const COMPOUND = new RegExp(`^(?:${COMPOUND_SURNAMES})`);
const NAME_HAN = "[\\u4e00-\\u9fff]";
const HAN_NAME = `(?:(?:${COMPOUND_SURNAMES})${NAME_HAN}{1,2}|[${SURNAMES}]${NAME_HAN}{1,2})`;

// Words that say that a name comes now. The strong ones need nothing behind the name; after the weak ones it must end.
const STRONG =
  "(?:(?:中文)?姓名|名字(?:是|叫)?|我叫做?|他叫做?|她叫做?|名叫|(?:緊急)?[聯連]絡人|客戶|旅客|乘客|病患|患者|死者|傷者|失蹤者|往生者|當事人|申請人|被害人|團員|家屬|親友|持有人|護照姓名)";
const WEAK =
  "(?:我是|本人|失蹤|罹難|尋找|找尋|在找|同事|同學|友人|朋友|我先生|我太太|我兒子|我女兒|我爸爸?|我媽媽?|我哥哥?|我弟弟?|我姊姊?|我妹妹?)";
const STRONG_CUE = new RegExp(`${STRONG}([ :：為是叫)）]{0,3})(${HAN_NAME})`, "g");
// Behind the label of a form any two or three characters that end there are a name, however rare the family name.
const LABELLED_NAME =
  /(?:姓名|名字(?:是|叫)|我叫做?|[他她]叫做?)[ :]{0,2}([\u4e00-\u9fff]{2,3})(?=[\s,。、;(（)）]|$)/g;
const WEAK_CUE = new RegExp(
  `${WEAK}([ :：叫]{0,2})(${HAN_NAME})(?=[\\s,，。.、；;！!？?)）(（」』]|$|先生|小姐|女士|目前|現在|已|失聯|平安|人在)`,
  "g",
);
const TITLED = new RegExp(
  `(?<![\\u4e00-\\u9fff])(${HAN_NAME})(?: ?(?:先生|小姐|女士|太太|同學|老師|君))`,
  "g",
);

// What may stand behind a name and is no part of it.
const FOLLOWER =
  /^(?:先生|小姐|女士|太太|老師|同學|阿姨|媽媽|爸爸|生日|身[分份高上]|手機|電話|護照|目前|平安|失[聯蹤]|[的了在是住現今從要想和與跟及到來去說已被有也人男女他她我你您這那個們會請還沒不就都先或等給並因所之對把叫於以])/;
const NO_NAME =
  /^(?:高雄|金門|馬來|馬祖|江南|田野|石油|龍頭|華人|華僑|金融|康復|白天|方便|方向|溫泉|連絡|連續|任何|任務|全家|全部|全體|包含|包括|單身|單獨|解決|解除|易於|何人|何處|何時|施工|許多|許可|程度|高中|高山|高齡|馬上|馬路|黃金|白色|石頭|水|游客|游泳|關係|關於|古蹟|范圍|梅雨|簡訊|簡單|童|夏令|夏天|東方|千葉|上野|福島|段落|雷|全|周邊|周圍|周末|方法|曾經|江邊|時|史|毛|章|符合|熊本|陸續|陸上|張貼)/;

const KANJI_NAME = `(?:(?:${JAPANESE_SURNAMES}) ?[\\u4e00-\\u9fff\\u3041-\\u3096\\u30a1-\\u30f6ー]{1,4}?)`;
const KANA_NAME =
  "(?:[\\u30a1-\\u30f6]{1}[\\u30a1-\\u30f6ー]{1,5} ?[・ ] ?[\\u30a1-\\u30f6ー]{2,6}|[\\u3041-\\u3096]{2,5} [\\u3041-\\u3096]{2,5})";
const JAPANESE_INTRODUCED = new RegExp(
  `(${KANJI_NAME}|${KANA_NAME}|[\\u4e00-\\u9fff]{2,3} ?[\\u4e00-\\u9fff\\u3041-\\u3096]{1,3}?)(?= ?(?:と申します|ともうします|といいます|と言います|という者))`,
  "g",
);
const JAPANESE_LABELLED = new RegExp(
  `(?:氏名|お名前|名前は?|連絡先|担当|私は|行方不明者|行方不明の)[ :：は]{0,3}(${KANJI_NAME}|${KANA_NAME}|[\\u4e00-\\u9fff]{2,3} [\\u4e00-\\u9fff\\u3041-\\u3096]{1,3})(?=[\\s、。,()（）]|$|です|と|さん|様|氏|を|が|は|の|、)`,
  "g",
);
const JAPANESE_TITLED = new RegExp(
  `(?<![\\u4e00-\\u9fff\\u30a1-\\u30f6ー])(${KANJI_NAME}|${KANA_NAME}|[\\u4e00-\\u9fff]{2,3} [\\u4e00-\\u9fff]{1,2})(?= ?(?:さん|様|氏)(?![\\u4e00-\\u9fff]))`,
  "g",
);

const WORD = "(?:[OD]['’])?[A-Z][a-z'’]{1,15}(?:-[A-Za-z][a-z]{1,15})?";
const INITIAL = "[A-Z]\\.";
const LATIN_NAME = `${WORD}(?:,? (?:${INITIAL} )?(?:${WORD}|de|van|bin|binti|al)){0,3}`;
const FULL_NAME = `${WORD}(?:,? (?:${INITIAL} )?(?:${WORD}|de|van|bin|binti|al)){1,3}`;
const CAPITAL_NAME = "[A-Z]{2,12},? [A-Z]{2,12}(?:[- ][A-Z]{2,12}){0,2}";
const ENGLISH_NAMED = new RegExp(
  `(?<![A-Za-z])(?:[Mm]y (?:full )?name is|[Mm]y name['’]s|(?:[Ff]ull |[Cc]hinese |[Pp]assport )?[Nn]ame ?[:=]|(?:he|she|who|friend|brother|sister) is (?:called|named)|[Ss]urname ?:|(?:goes by|called|named)) ?(${CAPITAL_NAME}|${LATIN_NAME})`,
  "g",
);
const ENGLISH_CUED = new RegExp(
  `(?<![A-Za-z])(?:I am|I['’]m|[Tt]his is|[Mm]issing|[Mm]issing person|[Pp]assenger|[Pp]atient|[Vv]ictim|[Cc]ontact(?: person)?|[Ll]ooking for|[Ss]earching for|[Nn]ext of kin|[Ff]amily of|[Rr]elative of|Mr\\.?|Mrs\\.?|Ms\\.?|Miss)(?: ?:)? (${CAPITAL_NAME}|${FULL_NAME})`,
  "g",
);
const NOT_PEOPLE =
  /(?:^|[ ,-])(?:Red|Cross|Hospital|Embassy|Office|Hotel|Hostel|Airport|Police|Street|Road|University|School|Bridge|Station|Camp|City|North|South|East|West|Central|New|Zealand|Nepal|Taiwan|Japan|Tokyo|Taipei|Team|Group|Air|Airlines|Bureau|Ministry|Government|Emergency|Department|Church|Temple|Park|River|Mount|Lake|Island|Beach|Bank|Centre|Center|Services?|Rescue|Search|Family|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|October|November|December|The|And|For|Still|Not|Very|Safe|Here|Now|Kathmandu|Christchurch|Square|Consulate|Representative|Foreign|Minister|President|Universe|World|England|Australia|Sydney|Melbourne|Village|Valley|District|Tower|Building|Trail|Base|Shelter|Please|Help|It|They|We|You|He|She)(?=[ ,-]|$)/;

/** Spellings of the commonest surnames as passports have them. */
const PASSPORT_SURNAMES =
  "CHEN|LIN|HUANG|CHANG|LEE|LI|WANG|WU|LIU|TSAI|YANG|HSU|CHENG|HSIEH|KUO|HUNG|CHIU|TSENG|LIAO|LAI|CHOU|SU|YEH|CHUANG|LU|LYU|CHIANG|HO|HSIAO|LO|KAO|PAN|CHIEN|CHU|CHUNG|PENG|YU|CHAN|SHIH|SHEN|LIANG|CHAO|YEN|KO|WENG|WEI|SUN|TAI|FANG|SUNG|TENG|TU|FU|HOU|TSAO|HSUEH|TING|CHO|JUAN|TUNG|TANG|WEN|LAN|TIEN|KANG|TSOU|ZHANG|ZHOU|ZHENG|XIE|XU|GUO|TSUI|OUYANG";
const SYLLABLE =
  "(?:(?:CH|SH|ZH|HS|TS|TZ|SZ|SS|[BPMFDTNLGKHJQXRZCSYW])?'?(?:IUNG|UANG|IANG|IONG|UENG|IAO|IEH|IEN|IAN|ING|INH|IOU|UEH|UEI|UAN|UAI|UEN|ANG|ENG|ONG|UNG|ERH|AI|EI|AO|OU|AN|EN|IN|UN|IA|IE|IU|UA|UO|UI|UE|IH|EH|ER|ZU|U|I|E|A|O)H?)";
const PASSPORT_FORM = new RegExp(
  `(?<![A-Za-z])(?:(?:${PASSPORT_SURNAMES}), ?${SYLLABLE}[- ]${SYLLABLE}|(?:${PASSPORT_SURNAMES}),? ${SYLLABLE}[- ]${SYLLABLE})(?![A-Za-z-])`,
  "g",
);
const ENGLISH_CAPITALS =
  /\b(?:CAN|SHE|ME|HE|TO|SO|NO|GO|MEN|FUN|GUN|RUN|TEN|PEN|DEN|SAN|NAN|LA|DE|DO|BE|WE|HI|AN|IN|ON|A|I|O|E|US|HAN|FAN|BAN|MAN|PAN|BIN|DIN|FIN|PIN|SIN|TIN|WIN|LINE|DAN|TAN|VAN|LIE|TIE|PIE|DIE|CHE|PA|MA|HA)\b/;

/**
 * Names that a word gives away ("我叫…", "姓名：…", "my name is …", "…と申します"), and names in capitals as passports
 * have them. A surname by itself is never taken for a person, so people are missed: whoever publishes a text reads it.
 */
export function findCuedNames(text: string): Found[] {
  const found: Found[] = [];
  const add = (start: number, name: string, confidence: number) => {
    const clean = name.replace(/[ ,]+$/, "");
    if (clean.length > 1) found.push({ kind: "name", start, end: start + clean.length, confidence });
  };
  const addHan = (match: RegExpMatchArray, written: string, confidence: number, isWhole: boolean) => {
    const start = match.index! + match[0].lastIndexOf(written);
    const name = nameAt(text, start);
    if (name !== null && (!isWhole || name === written)) add(start, name, confidence);
  };
  for (const match of text.matchAll(STRONG_CUE)) {
    // Without a colon "聯絡人" and its like are words of a sentence more often than the label of a form.
    const isLabel =
      /[:：為是叫]/.test(match[1]!) || /(?:叫做?|姓名)$/.test(match[0].slice(0, -match[2]!.length).trimEnd());
    addHan(match, match[2]!, isLabel ? 0.85 : 0.65, false);
  }
  for (const match of text.matchAll(LABELLED_NAME)) addHan(match, match[1]!, 0.6, true);
  for (const match of text.matchAll(WEAK_CUE)) addHan(match, match[2]!, 0.7, true);
  for (const match of text.matchAll(TITLED)) addHan(match, match[1]!, 0.7, true);
  for (const pattern of [JAPANESE_INTRODUCED, JAPANESE_TITLED]) {
    for (const match of text.matchAll(pattern)) add(match.index, match[1]!, 0.8);
  }
  for (const match of text.matchAll(JAPANESE_LABELLED)) {
    add(match.index + match[0].length - match[1]!.length, match[1]!, 0.8);
  }
  for (const match of text.matchAll(ENGLISH_NAMED)) {
    const name = untilNoName(match[1]!);
    if (name) add(match.index + match[0].length - match[1]!.length, name, 0.85);
  }
  for (const match of text.matchAll(ENGLISH_CUED)) {
    if (NOT_PEOPLE.test(match[1]!)) continue;
    add(match.index + match[0].length - match[1]!.length, match[1]!, 0.65);
  }
  for (const match of text.matchAll(PASSPORT_FORM)) {
    if (!ENGLISH_CAPITALS.test(match[0])) add(match.index, match[0], 0.7);
  }
  return found;
}

/** The name that begins here, of at most two characters after the family name; null where a word begins that is no name. */
function nameAt(text: string, start: number): string | null {
  const ahead = text.slice(start, start + 8);
  if (NO_NAME.test(ahead) || FOLLOWER.test(ahead)) return null;
  const family = COMPOUND.exec(ahead)?.[0] ?? ahead[0]!;
  let name = family;
  while (name.length < family.length + 2) {
    const rest = ahead.slice(name.length);
    if (FOLLOWER.test(rest) || !/^[\u4e00-\u9fff]/.test(rest)) break;
    name += rest[0]!;
  }
  return name === family ? null : name;
}

/** Of "Amy Lin And" the part before the first word that is nobody's name; empty when that is the first. */
function untilNoName(name: string): string {
  const words = name.split(" ");
  const end = words.findIndex((word) => NOT_PEOPLE.test(word.replace(/,$/, "")));
  return (end < 0 ? words : words.slice(0, end)).join(" ");
}
