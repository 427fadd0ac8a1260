import { foldHan } from "./han.ts";

/**
 * Readings of common Japanese names in kanji: about 200 surnames and 160 given names. Japanese readings cannot
 * be computed from characters; a name outside this table is still found by its kanji, or by romaji or kana if
 * the record holds them.
 */
const SURNAMES =
  "佐藤 sato;鈴木 suzuki;高橋 takahashi;田中 tanaka;伊藤 ito;渡辺 watanabe;渡部 watanabe;山本 yamamoto;中村 nakamura;小林 kobayashi;" +
  "加藤 kato;吉田 yoshida;山田 yamada;佐々木 sasaki;佐佐木 sasaki;山口 yamaguchi;松本 matsumoto;井上 inoue;木村 kimura;林 hayashi;" +
  "斎藤 saito;斉藤 saito;清水 shimizu;山崎 yamazaki yamasaki;森 mori;池田 ikeda;橋本 hashimoto;阿部 abe;安部 abe;石川 ishikawa;" +
  "山下 yamashita;中島 nakajima nakashima;石井 ishii;小川 ogawa;前田 maeda;岡田 okada;長谷川 hasegawa;藤田 fujita;後藤 goto;近藤 kondo;" +
  "村上 murakami;遠藤 endo;青木 aoki;坂本 sakamoto;福田 fukuda;太田 ota;西村 nishimura;藤井 fujii;金子 kaneko;岡本 okamoto;" +
  "藤原 fujiwara;中野 nakano;三浦 miura;原田 harada;中川 nakagawa;松田 matsuda;竹内 takeuchi;小野 ono;田村 tamura;中山 nakayama;" +
  "和田 wada;石田 ishida;森田 morita;上田 ueda;原 hara;内田 uchida;柴田 shibata;酒井 sakai;宮崎 miyazaki;横山 yokoyama;" +
  "高木 takagi;安藤 ando;宮本 miyamoto;大野 ono;小島 kojima;工藤 kudo;谷口 taniguchi;今井 imai;高田 takada;丸山 maruyama;" +
  "増田 masuda;杉山 sugiyama;村田 murata;大塚 otsuka;新井 arai;小山 koyama oyama;平野 hirano;藤本 fujimoto;河野 kono kawano;上野 ueno;" +
  "野口 noguchi;武田 takeda;松井 matsui;千葉 chiba;岩崎 iwasaki;菅原 sugawara;木下 kinoshita;久保 kubo;佐野 sano;野村 nomura;" +
  "松尾 matsuo;菊地 kikuchi;菊池 kikuchi;杉本 sugimoto;市川 ichikawa;古川 furukawa;大西 onishi;島田 shimada;水野 mizuno;桜井 sakurai;" +
  "高野 takano;吉川 yoshikawa;山内 yamauchi yamanouchi;西田 nishida;飯田 iida;西川 nishikawa;小松 komatsu;北村 kitamura;安田 yasuda;五十嵐 igarashi;" +
  "川口 kawaguchi;平田 hirata;関 seki;中田 nakata nakada;久保田 kubota;東 higashi azuma;服部 hattori;川崎 kawasaki;岩田 iwata;土屋 tsuchiya;" +
  "福島 fukushima;本田 honda;辻 tsuji;樋口 higuchi;秋山 akiyama;田口 taguchi;永井 nagai;山中 yamanaka;中西 nakanishi;吉村 yoshimura;" +
  "川上 kawakami;石原 ishihara;大橋 ohashi;松岡 matsuoka;馬場 baba;浜田 hamada;森本 morimoto;星野 hoshino;矢野 yano;浅野 asano;" +
  "大島 oshima;松下 matsushita;吉岡 yoshioka;小池 koike;野田 noda;荒木 araki;大久保 okubo;熊谷 kumagai kumagaya;松浦 matsuura;内藤 naito;" +
  "黒田 kuroda;尾崎 ozaki;川村 kawamura;永田 nagata;望月 mochizuki;田辺 tanabe;片山 katayama;松村 matsumura;岩本 iwamoto;菅 suga kan;" +
  "星井 hoshii;秋月 akizuki;天海 amami;如月 kisaragi;萩原 hagiwara ogiwara;双海 futami;水瀬 minase;我那覇 ganaha;四条 shijo;高槻 takatsuki;" +
  "音無 otonashi;渋谷 shibuya shibutani;島村 shimamura;遠坂 tosaka;荻原 ogiwara;神田 kanda;早川 hayakawa;堀 hori;大谷 otani;安倍 abe;" +
  "岸田 kishida;石破 ishiba;黒沢 kurosawa;宮沢 miyazawa;滝沢 takizawa;小沢 ozawa;福沢 fukuzawa;金城 kinjo;比嘉 higa;大城 oshiro";

const GIVEN_NAMES =
  "翔太 shota;翔 sho kakeru;健太 kenta;健 ken takeshi;大輔 daisuke;拓也 takuya;直樹 naoki;和也 kazuya;達也 tatsuya;翼 tsubasa;" +
  "誠 makoto;真 makoto shin;稔 minoru;明 akira;隆 takashi;浩 hiroshi;博 hiroshi;清 kiyoshi;勇 isamu;実 minoru;進 susumu;茂 shigeru;" +
  "正 tadashi;太郎 taro;一郎 ichiro;二郎 jiro;次郎 jiro;三郎 saburo;健一 kenichi;健二 kenji;修 osamu;聡 satoshi;剛 tsuyoshi takeshi;" +
  "学 manabu;豊 yutaka;悟 satoru;大樹 daiki;大輝 daiki;蓮 ren;悠斗 yuto;陽斗 haruto;湊 minato;樹 itsuki;颯太 sota;悠真 yuma;" +
  "陸 riku;海斗 kaito;優斗 yuto;翔平 shohei;純 jun;潤 jun;徹 toru;亮 ryo;涼 ryo;遼 ryo haruka;信 shin makoto;昇 noboru;" +
  "花子 hanako;陽子 yoko;洋子 yoko;恵子 keiko;京子 kyoko;幸子 sachiko yukiko;和子 kazuko;節子 setsuko;千代子 chiyoko;智子 tomoko;" +
  "裕子 yuko hiroko;由美子 yumiko;久美子 kumiko;直美 naomi;美穂 miho;明美 akemi;真由美 mayumi;由美 yumi;恵 megumi kei;恵美 emi megumi;" +
  "愛 ai;彩 aya;舞 mai;舞子 maiko;桜 sakura;さくら sakura;美咲 misaki;葵 aoi;結衣 yui;陽菜 hina haruna;莉子 riko;凛 rin;美月 mizuki;" +
  "美桜 mio;七海 nanami;遥 haruka;春香 haruka;千早 chihaya;雪歩 yukiho;小鳥 kotori;律子 ritsuko;伊織 iori;亜美 ami;真美 mami;美希 miki;" +
  "響 hibiki;貴音 takane;梓 azusa;千尋 chihiro;千夏 chinatsu;香織 kaori;沙織 saori;麻衣 mai;麻美 asami mami;理恵 rie;里美 satomi;" +
  "友美 tomomi;友子 tomoko;美紀 miki;紀子 noriko;典子 noriko;礼子 reiko;玲子 reiko;敏子 toshiko;文子 fumiko;弘子 hiroko;広子 hiroko;" +
  "優子 yuko;優 yu;翔子 shoko;祥子 shoko sachiko;涼子 ryoko;良子 yoshiko ryoko;芳子 yoshiko;美智子 michiko;道子 michiko;光子 mitsuko;" +
  "静香 shizuka;静 shizuka;忍 shinobu;薫 kaoru;光 hikaru hikari;空 sora;翠 midori;緑 midori;茜 akane;楓 kaede;椿 tsubaki;雪 yuki;" +
  "勝 masaru;武 takeshi;哲也 tetsuya;英樹 hideki;秀樹 hideki;弘 hiroshi;義明 yoshiaki;雅人 masato;正人 masato;雄太 yuta;雄大 yudai;" +
  "龍之介 ryunosuke;慎太郎 shintaro;晋三 shinzo;純一郎 junichiro;文雄 fumio;茂雄 shigeo;英雄 hideo;和夫 kazuo;昭夫 akio;三郎 saburo";

/** Folded kanji → folded romaji readings, the commoner first. */
export const JAPANESE_NAME_READINGS: ReadonlyMap<string, readonly string[]> = readNames();

function readNames(): Map<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const line of `${SURNAMES};${GIVEN_NAMES}`.split(";")) {
    const [kanji = "", ...readings] = line.split(" ");
    const folded = foldHan(kanji);
    names.set(folded, [...new Set([...(names.get(folded) ?? []), ...readings])]);
  }
  return names;
}
