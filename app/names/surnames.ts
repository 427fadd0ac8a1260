import { surnameReadings } from "./han.ts";
import { schemesReading, syllablesOf } from "./mandarin-reading.ts";

/**
 * How families outside the Mandarin passports spell their surnames: Hokkien and Teochew (Tan, Ng, Ong), Hakka
 * (Chin, Yong), Cantonese (Chan, Wong, Cheung), Vietnamese (Nguyen, Tran) and Indonesian Chinese (Oei, Tjan).
 * Folded Han surname, then its spellings in passport form. Covers the commonest surnames, not every dialect.
 */
const OVERSEAS_SURNAMES =
  "陈 tan chan chin tran ting dan tjan tjhin tang;林 lim lam lum liem lin;黄 ng wong ooi oei oey wee uy hwang vong bong huynh hoang;" +
  "张 teo teoh cheung chong cheong chang thio tio tiong teong truong tiu;李 lee li lie ly lei dy;王 ong wong heng vong bong vuong wang;" +
  "吴 goh ng woo go gouw gao eng ung ngo;刘 lau low lao liew lew lieu luu loh yow;蔡 chua choi choy tsay chai tjoa tsai coi thai chhoa chuah;" +
  "杨 yeo yeoh young yong ieong yeung duong njoo io jong yu iu;许 koh hui khoh khaw kho hii hoi sheu hseu hua co khouw;郑 tay teh cheng chang te the tee trinh tiing cheang chiang tein;" +
  "谢 chia tse seah tze sia cheah tja chay tsia;郭 kwok quek kuo kok kueh kwek koay kwik que quach keh;洪 ang hung hong ung fung;" +
  "曾 chan tsang chang tzeng tseng chen can tjan tjang;邱 khoo khu hew yau hiu chiew coo kho yow cu;廖 liew leow liu liao lieu leu law liaw;" +
  "赖 lai luah lua loi;周 chow chiu chew chau jew tjioe chu tjiu;徐 chee tsui chui chi hsu swee tjhie tu cher see;" +
  "苏 soh so su saw souw sou to;叶 yeap yip yap ip yeh ip yapp diep;庄 chng ching chong chuang tjong;呂 leu lui loo lu loe luu lau looi liu lyu;" +
  "吕 leu lui loo lu loe lau looi liu lyu;江 kang kong gong kiang giang;何 ho hor hoe hoo ha hah;萧 siew shaw siow siu seow siauw siaw sio seu tieu;" +
  "罗 lo law loh loke low lor la;高 ko kou kao go ko;潘 phua poon phoa pan poa phan pun;简 kan kean gan;" +
  "朱 choo chu gee choe tjoe chee chou;钟 cheong chung cheung chong choong jong zung;彭 phang phee pang pheh bang;游 yew yau yu yow iu;" +
  "詹 chiam jim cham tjiam;胡 oh foo woo wu aw ow ho ou;施 see shi si sy sze shee;沈 sim shum sham sum sem thong;" +
  "余 yu yee eu yii ee er ie du;卢 loo lo lu lou;梁 leong leung neo nio leung niu luong liong liang;赵 chiu chao teo tio chew jow trieu thio;" +
  "颜 gan ngan nyan ngan nhan;柯 kua quah kwa qua or ker koa o;翁 ong yung yong eng ang;魏 gooi ngai wei nguy goei wee;" +
  "孙 sng soon suen sun swen soen seng ton;戴 tai tay te teh toi dai do;范 hoan fan pham huan hwan;方 png fong fang hong pung hng;" +
  "宋 song soong sung sang;邓 tang theng teng thang dang;杜 toh to tu doo do;傅 poh foo fu po pho;" +
  "侯 hau how haw ho heo;曹 chaw cho tso chou chow tao chew;薛 sih sit si seet siek;丁 teng ding ting ten dinh;" +
  "卓 toh cheok chok tok tjoh;马 ma mah beh be mar;阮 nguyen wee oan yuen un ng;董 tang tong tung tung dong;" +
  "唐 tong tng tang teng thng duong;温 wan oon voon woon boon on oen on;蓝 nah lam nam na;石 chioh shek sek cio thach;" +
  "蒋 chiu cheung tsiang chiang tjio tuong;田 tin tian tien chan dien;康 kng hong khng kang;邹 chow chau chew choo;" +
  "白 peh pek bak pak pai bach;涂 toh too thoo to;尤 yew yau iu yow;巫 boo mo bu mu moo;" +
  "韩 han hon hang hahn;龚 keng kung kong kiong;严 giam yim giam ngiam ngim nghiem;袁 wan wang yuen uan oan vien;" +
  "黎 lai loi le le lay;金 kim kam chin gim gum;童 tong tang dong thung;倪 geh ngai ge gay ni;" +
  "古 koo ku kou;甘 kam kan gam kum;冯 fung foong pang hung phung fong bung;梅 mui boey mei moy bue mai;" +
  "莫 mok mo mock boh moc;伍 ng eng goh ngu;关 kwan kuan koan quan guan;谭 tan tam tham hom;" +
  "汤 thng tong tang thong thang teng;姚 yeo yau yeow yew yao dieu;尹 wan un oon yin won;秦 chin chun tan tjin;" +
  "顾 koo ku kho ko;辜 koh koo ku kho;连 lian lin lien lien;欧 au ow ou aw auyong;" +
  "区 au ow aw ou;欧阳 auyong auyeung ouyang;司徒 szeto seeto situ;章 chang cheung chiong chong;" +
  "程 ching thia cheng theng trinh;孔 hung khong kong kung;贺 ho hor hoh;万 ban man bun van;" +
  "符 foo hoo fu phu;熊 hung him hiong hong yim;饶 yeow yiu jao ngiau;凌 leng ling leng;" +
  "黄 ng wong;骆 lok loh law lock;岑 sim shum sum cen sam;冼 sin shin sian sinn;" +
  "池 ti chi tee chee;官 kuan koon kwan kua;纪 kee ki kei khi;卞 pien bin;" +
  "柳 liu low lau lew;史 su sze sai si see su;任 yam jim yum lim;盘 phoon pun;" +
  "薄 poh pok;俞 yu joo yue yee;祝 chok chuk;贾 ka kea ga;" +
  "陆 luk lek lok liok look loke;汪 ong wong wang;易 yick yik yap;陶 tao tou to toh";

interface SurnameTables {
  hansBySpelling: Map<string, readonly string[]>;
  spellingsByHan: Map<string, readonly string[]>;
}

const tables: SurnameTables = readTables();

function readTables(): SurnameTables {
  const hansBySpelling = new Map<string, string[]>();
  const spellingsByHan = new Map<string, string[]>();
  for (const line of OVERSEAS_SURNAMES.split(";")) {
    const [han = "", ...spellings] = line.split(" ");
    const spelled = spellingsByHan.get(han) ?? [];
    for (const spelling of spellings) {
      if (spelled.includes(spelling)) continue;
      spelled.push(spelling);
      hansBySpelling.set(spelling, [...(hansBySpelling.get(spelling) ?? []), han]);
    }
    spellingsByHan.set(han, spelled);
  }
  return { hansBySpelling, spellingsByHan };
}

let mandarinSurnames: Map<string, readonly string[]> | undefined;

/** Canonical syllable → the surnames of the table that read so in Mandarin. */
function surnamesReading(hanyu: string): readonly string[] {
  mandarinSurnames ??= collectMandarinSurnames();
  return mandarinSurnames.get(hanyu) ?? [];
}

function collectMandarinSurnames(): Map<string, readonly string[]> {
  const collected = new Map<string, string[]>();
  for (const han of tables.spellingsByHan.keys()) {
    const [reading] = Array.from(han).length === 1 ? surnameReadings(han) : [];
    if (reading) collected.set(reading, [...(collected.get(reading) ?? []), han]);
  }
  return collected;
}

/**
 * Folded Han surnames that overseas communities write with this spelling (any case, no apostrophes), the
 * commoner first; empty when there is none. `tan` → 陈, 谭, 秦.
 */
export function overseasSurnames(spelling: string): readonly string[] {
  return tables.hansBySpelling.get(spelling.toLowerCase()) ?? [];
}

/** Overseas spellings of a folded Han surname, lower case; empty when the table does not have it. */
export function overseasSpellings(foldedHan: string): readonly string[] {
  return tables.spellingsByHan.get(foldedHan) ?? [];
}

/**
 * Every common surname a Latin spelling may stand for, overseas or by its Mandarin reading, at most
 * `limit`. `chan` → 陈, 曾, 田, 詹.
 */
export function surnamesSpelled(spelling: string, limit = 10): readonly string[] {
  const form = spelling.toLowerCase();
  const mandarin = syllablesOf(form)
    .filter((syllable) => schemesReading(form, syllable).some((source) => source !== "gwoyeu"))
    .flatMap(surnamesReading);
  return [...new Set([...mandarin, ...overseasSurnames(form)])].slice(0, limit);
}

/** Whether a folded Han surname is one of the common ones of the table. */
export function isCommonSurname(foldedHan: string): boolean {
  return tables.spellingsByHan.has(foldedHan);
}

/** Whether a Latin spelling is the plain Mandarin reading of a folded Han surname: `chen` of 陈, not `tan`. */
export function isMandarinSpelling(spelling: string, foldedHan: string): boolean {
  const [reading] = surnameReadings(foldedHan);
  return reading !== undefined && syllablesOf(spelling).includes(reading);
}
